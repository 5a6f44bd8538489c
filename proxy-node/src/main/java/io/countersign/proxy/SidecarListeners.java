package io.countersign.proxy;

import io.countersign.dataplane.inbound.InboundListener;
import io.countersign.dataplane.inbound.InboundPort;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.node.ConfigRefused;
import io.countersign.dataplane.node.ListenerPlan;
import io.countersign.dataplane.node.NodeParts;
import io.countersign.dataplane.outbound.Destinations;
import io.countersign.dataplane.outbound.OutboundListener;
import io.countersign.dataplane.outbound.OutboundRouter;
import io.countersign.dataplane.tcp.OriginalDestination;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A sidecar's listeners. Explicit: one for each advertised port, and an HTTP proxy for the workload's own requests.
/// Captured: one for all that comes in, and one for all that goes out.
final class SidecarListeners implements ListenerPlan {
    /// The rules of capture leave what comes from there alone, as Istio's do, so that it is not led back here.
    private static final InetAddress CAPTURED_V4 = address("127.0.0.6");

    private static final InetAddress CAPTURED_V6 = address("::6");

    private final ConfigKey workload;
    private final ProxyConfig.Proxy config;

    SidecarListeners(ConfigKey workload, ProxyConfig.Proxy config) {
        if (config.inbound().address().isEmpty() == config.inbound().captured().isEmpty()) {
            throw new ConfigRefused("proxy.inbound of " + workload + ": address and captured (expected: one of them)");
        }
        if (config.outbound().address().isEmpty()
                && config.outbound().captured().isEmpty()) {
            throw new ConfigRefused(
                    "proxy.outbound of " + workload + ": nothing (expected: address, captured or both)");
        }
        this.workload = workload;
        this.config = config;
    }

    @Override
    public List<Listener> bind(NodeParts parts) {
        var listeners = new ArrayList<Listener>();
        var inbound = new InboundListener(parts.loops(), parts.tls(), parts.relay(), parts.http());
        config.inbound()
                .address()
                .ifPresent(advertised -> config.inbound()
                        .ports()
                        .forEach((port, application) -> listeners.add(inbound.bind(
                                new InetSocketAddress(advertised, port),
                                port(parts, port, application, Optional.empty())))));
        config.inbound()
                .captured()
                .ifPresent(address -> listeners.add(inbound.capture(
                        address,
                        original -> {
                            var source = original.getAddress() instanceof Inet4Address ? CAPTURED_V4 : CAPTURED_V6;
                            return port(parts, original.getPort(), original, Optional.of(source));
                        },
                        () -> parts.view().current().modes(workload))));
        var outbound = new OutboundListener(parts.loops(), parts.relay(), parts.http());
        var view = parts.view();
        config.outbound()
                .address()
                .ifPresent(
                        address -> listeners.add(outbound.bind(address, new OutboundRouter(view::current, workload))));
        var passThrough = config.outbound().unknown() == ProxyConfig.Unknown.PASS_THROUGH;
        config.outbound()
                .captured()
                .ifPresent(address -> listeners.add(outbound.capture(
                        address, new Destinations(view::current, workload, passThrough), OriginalDestination::of)));
        return listeners;
    }

    private InboundPort port(NodeParts parts, int port, InetSocketAddress application, Optional<InetAddress> source) {
        return new InboundPort(
                new Upstream(
                        workload,
                        application.getAddress().getHostAddress(),
                        application.getPort(),
                        new UpstreamTls.Plaintext()),
                () -> parts.view().current().mode(workload, port),
                () -> parts.view().current().protocol(workload, port),
                source);
    }

    private static InetAddress address(String literal) {
        return NetUtil.createInetAddressFromIpAddressString(literal);
    }
}
