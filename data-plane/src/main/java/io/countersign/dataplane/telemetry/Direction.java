package io.countersign.dataplane.telemetry;

/// Which side of its workload the node relayed on; Istio's metrics call it the reporter.
public enum Direction {
    /// To the workload: Istio's reporter `destination`.
    INBOUND,
    /// From the workload: Istio's reporter `source`.
    OUTBOUND
}
