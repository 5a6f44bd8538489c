package io.countersign.local.plan;

import java.util.LinkedHashSet;
import java.util.Set;

/// A hosts file with the samples' names, for commands that run past the proxies. Pure.
final class HostsFile {

    private HostsFile() {}

    /// Every workload by `NAME.NAMESPACE`, every service by that and by its longer names.
    ///
    /// A service of two workloads has two lines: a resolver gives both addresses.
    static String of(LocalNetwork network) {
        var text = new StringBuilder("127.0.0.1 localhost\n");
        for (SampleWorkload workload : SampleWorkload.ALL) {
            var names = new LinkedHashSet<String>();
            names.add(workload.id());
            if (workload.serves()) {
                names.addAll(serviceNames("httpbin." + workload.namespace()));
            }
            text.append(network.address(workload))
                    .append(' ')
                    .append(String.join(" ", names))
                    .append('\n');
        }
        return text.toString();
    }

    private static Set<String> serviceNames(String service) {
        var names = new LinkedHashSet<String>();
        names.add(service);
        names.add(service + ".svc");
        names.add(service + ".svc.cluster.local");
        return names;
    }
}
