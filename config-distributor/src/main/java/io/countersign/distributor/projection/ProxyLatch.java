package io.countersign.distributor.projection;

import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import java.util.Optional;

/// A proxy that was seen stays: silence, lost reports and lost trust never take mutual TLS away from a workload, nor
/// the workload from its clients. Only a change of the workload's own resource does.
final class ProxyLatch {
    private ProxyLatch() {}

    /// What is meant when a record is published already and the workload's resource did not change.
    static WorkloadConfig hold(Optional<WorkloadConfig> published, WorkloadConfig intended) {
        return published
                .filter(before -> before.proxy() == ProxyPresence.PRESENT)
                .filter(before -> before.uid().equals(intended.uid()))
                .filter(before -> before.identity().equals(intended.identity()))
                .map(_ -> intended.with(ProxyPresence.PRESENT))
                .orElse(intended);
    }
}
