package io.countersign.local.plan;

/// Addresses as a file that a shell can source. Pure.
final class EnvironmentFile {

    private EnvironmentFile() {}

    static String of(StateFolder state, LocalNetwork network) {
        var text = new StringBuilder("# The mesh's addresses; source this file in a shell.\n");
        line(text, "COUNTERSIGN_STATE", state.root().toString());
        line(text, "COUNTERSIGN_NETWORK", network.prefix());
        line(text, "COUNTERSIGN_KUBECONFIG", state.kubeconfig().toString());
        line(text, "COUNTERSIGN_HOSTS", state.hosts().toString());
        line(text, "COUNTERSIGN_BUS", network.bus().toString());
        line(text, "COUNTERSIGN_CA", "https://" + network.ca());
        line(text, "COUNTERSIGN_POLICY", "https://" + network.policy());
        for (SampleWorkload workload : SampleWorkload.ALL) {
            String address = network.address(workload);
            line(text, "ADDRESS_" + variable(workload), address);
            if (workload.meshed()) {
                line(text, "PROXY_" + variable(workload), "http://" + address + ":" + LocalNetwork.OUTBOUND_PORT);
                line(text, "ADMIN_" + variable(workload), "http://" + address + ":" + LocalNetwork.ADMIN_PORT);
            }
        }
        return text.toString();
    }

    private static String variable(SampleWorkload workload) {
        return workload.id().replaceAll("[.-]", "_");
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append("='").append(value.replace("'", "'\\''")).append("'\n");
    }
}
