package io.countersign.local.plan;

import java.util.LinkedHashSet;

/// Hosts files with the samples' names, for commands that run past the proxies. Pure.
final class HostsFile {

    private HostsFile() {}

    /// Every workload by `NAME.NAMESPACE`, every service by that and by its longer names; in one namespace by its short
    /// name too.
    ///
    /// A service of two workloads has two lines: a resolver gives both addresses.
    ///
    /// @param namespace of the short names; empty for none
    static String of(MeshOptions options, String namespace) {
        var text = new StringBuilder("127.0.0.1 localhost\n");
        for (SampleWorkload workload : options.workloads()) {
            var names = new LinkedHashSet<String>();
            names.add(workload.id());
            if (workload.serves()) {
                String service = workload.service() + "." + workload.namespace();
                names.add(service);
                names.add(service + ".svc");
                names.add(service + ".svc.cluster.local");
                if (workload.namespace().equals(namespace)) {
                    names.add(workload.service());
                }
            }
            text.append(options.network().address(workload))
                    .append(' ')
                    .append(String.join(" ", names))
                    .append('\n');
        }
        return text.toString();
    }
}
