package io.countersign.local.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Hosts files with the samples' names. Pure.
final class HostsFile {

    private HostsFile() {}

    /// For commands that run past the proxies: every workload by `NAME.NAMESPACE`, every service by that and by its
    /// longer names; in one namespace by its short
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
                names.addAll(names(workload.namespace(), workload.service(), namespace));
            }
            line(text, options.network().address(workload), names);
        }
        return text.toString();
    }

    /// For a pod: services by the addresses that they keep, workloads by their own where no service has their name, and
    /// the machine's name for the pod's own address.
    static String ofPod(MeshOptions options, String namespace, String address, String hostname) {
        LocalNetwork network = options.network();
        var services = SampleService.of(options);
        var text = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
        line(text, address, List.of(hostname));
        services.forEach(
                service -> line(text, network.address(service), names(service.namespace(), service.name(), namespace)));
        options.workloads().stream()
                .filter(workload ->
                        services.stream().noneMatch(service -> service.id().equals(workload.id())))
                .forEach(workload -> line(text, network.address(workload), List.of(workload.id())));
        return text.toString();
    }

    private static List<String> names(String namespace, String service, String clientNamespace) {
        String name = service + "." + namespace;
        var names = new ArrayList<>(List.of(name, name + ".svc", name + ".svc.cluster.local"));
        if (namespace.equals(clientNamespace)) {
            names.add(service);
        }
        return names;
    }

    private static void line(StringBuilder text, String address, Iterable<String> names) {
        text.append(address).append(' ').append(String.join(" ", names)).append('\n');
    }
}
