package io.countersign.gateway;

import io.countersign.dataplane.node.CommonConfig;
import io.countersign.dataplane.node.NodeLauncher;
import io.countersign.dataplane.node.NodeSettings;
import java.util.List;

/// The gateway's process: `java -jar gateway-node.jar FILE`. It has its identity, follows the mesh and reports; its
/// servers come with the gateway resources.
public final class GatewayNode {
    private GatewayNode() {}

    public static void main(String[] arguments) {
        NodeLauncher.run(arguments, CommonConfig.class, NodeSettings::of, config -> parts -> List.of());
    }
}
