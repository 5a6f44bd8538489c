package io.countersign.distributor.projection;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import java.util.LinkedHashMap;
import java.util.Map;

/// Workloads that were there and were deleted. A node that serves nothing else is gone for good: it is forgotten, also
/// when it reports once more on its way out. Owned by one thread.
final class WithdrawnWorkloads {
    /// More than go in the time that a process needs to end; an older one's node is forgotten already.
    private static final int REMEMBERED = 10_000;

    private final Map<ConfigKey, Boolean> keys = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ConfigKey, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    void add(ConfigKey workload) {
        keys.put(workload, true);
    }

    void remove(ConfigKey workload) {
        keys.remove(workload);
    }

    boolean leaveNothingOf(NodeReport report) {
        return !report.workloads().isEmpty()
                && keys.keySet().containsAll(report.workloads().keySet());
    }
}
