package io.countersign.proxy;

import io.countersign.dataplane.inbound.InboundListener;
import io.countersign.dataplane.inbound.InboundPort;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.node.ListenerPlan;
import io.countersign.dataplane.node.NodeParts;
import io.countersign.dataplane.outbound.OutboundListener;
import io.countersign.dataplane.outbound.OutboundRouter;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// A sidecar's listeners: one for each advertised port, and one for the workload's own requests.
final class SidecarListeners implements ListenerPlan {
    private final ConfigKey workload;
    private final ProxyConfig.Proxy config;

    SidecarListeners(ConfigKey workload, ProxyConfig.Proxy config) {
        this.workload = workload;
        this.config = config;
    }

    @Override
    public List<Listener> bind(NodeParts parts) {
        var listeners = new ArrayList<Listener>();
        config.inbound().ports().forEach((port, application) -> listeners.add(bind(parts, port, application)));
        var router = new OutboundRouter(parts.view()::current, workload);
        listeners.add(OutboundListener.bind(parts.loops(), config.outbound().address(), router, parts.http()));
        return listeners;
    }

    private Listener bind(NodeParts parts, int port, InetSocketAddress application) {
        var inbound = new InboundPort(
                new InetSocketAddress(config.inbound().address(), port),
                new Upstream(
                        workload,
                        application.getAddress().getHostAddress(),
                        application.getPort(),
                        new UpstreamTls.Plaintext()),
                () -> parts.view().current().mode(workload, port));
        return InboundListener.bind(parts.loops(), inbound, parts.tls(), parts.relay(), parts.http());
    }
}
