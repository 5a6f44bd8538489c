package io.countersign.distributor.projection;

import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;

/// A proxy that was seen stays: silence, lost reports and lost trust never take mutual TLS away from a workload, nor
/// the workload from its clients. Only a change of the workload's own resource does.
final class ProxyLatch {
    private ProxyLatch() {}

    /// What is to be published when a record is published already and the workload's resource did not change.
    static ConfigRecord hold(ConfigRecord published, ConfigRecord intended) {
        return published instanceof WorkloadConfig before
                        && intended instanceof WorkloadConfig after
                        && before.proxy() == ProxyPresence.PRESENT
                        && before.uid().equals(after.uid())
                        && before.identity().equals(after.identity())
                ? after.with(ProxyPresence.PRESENT)
                : intended;
    }
}
