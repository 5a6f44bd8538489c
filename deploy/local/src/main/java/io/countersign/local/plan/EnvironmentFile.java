package io.countersign.local.plan;

import static java.util.stream.Collectors.joining;

/// Addresses as a file that a shell can source. Pure.
final class EnvironmentFile {

    private EnvironmentFile() {}

    static String of(MeshOptions options) {
        StateFolder state = options.state();
        LocalNetwork network = options.network();
        var text = new StringBuilder("# The mesh's addresses; source this file in a shell.\n");
        line(text, "COUNTERSIGN_STATE", state.root().toString());
        line(text, "COUNTERSIGN_NETWORK", network.prefix());
        line(
                text,
                "COUNTERSIGN_SAMPLES",
                options.samples().stream().sorted().map(SampleSet::toString).collect(joining(",")));
        line(text, "COUNTERSIGN_LIFETIME", options.svidLifetime().toString());
        line(text, "COUNTERSIGN_KUBECONFIG", state.kubeconfig().toString());
        line(text, "COUNTERSIGN_HOSTS", state.hosts("").toString());
        line(text, "COUNTERSIGN_BUS", network.bus().toString());
        line(text, "COUNTERSIGN_CA", "https://" + network.ca());
        line(text, "COUNTERSIGN_POLICY", "https://" + network.policy());
        if (network.pods()) {
            line(text, "COUNTERSIGN_PODS", network.bridge() + "-");
        }
        for (SampleWorkload workload : options.workloads()) {
            String address = network.address(workload);
            String variable = workload.id().replaceAll("[.-]", "_");
            line(text, "ADDRESS_" + variable, address);
            if (workload.meshed() && !network.pods()) {
                line(text, "PROXY_" + variable, network.outbound(workload));
                line(text, "ADMIN_" + variable, "http://" + address + ":" + LocalNetwork.ADMIN_PORT);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append("='").append(value.replace("'", "'\\''")).append("'\n");
    }
}
