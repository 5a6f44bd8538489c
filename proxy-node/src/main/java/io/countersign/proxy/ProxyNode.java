package io.countersign.proxy;

import io.countersign.dataplane.node.ConfigRefused;
import io.countersign.dataplane.node.NodeLauncher;

/// The sidecar's process: `java -jar proxy-node.jar FILE`.
public final class ProxyNode {
    private ProxyNode() {}

    public static void main(String[] arguments) {
        NodeLauncher.run(arguments, ProxyConfig.class, ProxyNode::listeners);
    }

    private static SidecarListeners listeners(ProxyConfig config) {
        var workload = config.node()
                .workload()
                .orElseThrow(() -> new ConfigRefused("countersign.node.workload: missing (expected: namespace/name)"));
        return new SidecarListeners(workload, config.proxy());
    }
}
