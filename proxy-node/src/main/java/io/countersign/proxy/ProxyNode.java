package io.countersign.proxy;

import io.countersign.dataplane.node.ConfigRefused;
import io.countersign.dataplane.node.ListenerPlan;
import io.countersign.dataplane.node.NodeLauncher;
import io.countersign.dataplane.node.NodeSettings;
import io.countersign.dataplane.node.WorkloadSettings;
import io.countersign.mesh.config.ConfigKey;
import java.util.HashMap;
import java.util.Objects;
import java.util.Optional;

/// The process of a sidecar, or of a host's proxy that serves several workloads: `java -jar proxy-node.jar FILE`.
public final class ProxyNode {
    private ProxyNode() {}

    public static void main(String[] arguments) {
        NodeLauncher.run(arguments, ProxyConfig.class, ProxyNode::settings, ProxyNode::listeners);
    }

    static NodeSettings settings(ProxyConfig config) {
        return NodeSettings.of(config)
                .serving(config.workloads().values().stream()
                        .map(further -> WorkloadSettings.of(
                                Optional.of(further.workload()),
                                further.identity(),
                                further.health().address()))
                        .toList());
    }

    static ListenerPlan listeners(ProxyConfig config) {
        var workload = config.node()
                .workload()
                .orElseThrow(() -> new ConfigRefused("countersign.node.workload: missing (expected: namespace/name)"));
        var plans = new HashMap<ConfigKey, ListenerPlan>();
        plans.put(workload, new SidecarListeners(workload, config.proxy()));
        config.workloads().forEach((name, further) -> {
            var plan = new SidecarListeners(further.workload(), further.proxy());
            if (plans.putIfAbsent(further.workload(), plan) != null) {
                throw new ConfigRefused(
                        "countersign.workloads." + name + ".workload: " + further.workload() + " (expected: once)");
            }
        });
        return parts -> Objects.requireNonNull(plans.get(parts.workload().orElseThrow()), "a workload of the config")
                .bind(parts);
    }
}
