package io.countersign.dataplane.outbound;

import io.countersign.dataplane.http.RequestRouter;
import io.countersign.dataplane.relay.EndpointLoad;
import io.countersign.dataplane.tcp.RawRoute;
import io.countersign.dataplane.tcp.RawRoute.Refusal;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.view.Destination;
import io.countersign.mesh.view.MeshView;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What the mesh view says at a moment of the places to which a workload connects.
///
/// @param workload the client, whose namespace completes short names and whose rules hold
/// @param passThrough whether what the mesh does not know is connected to as it is
public record Destinations(Supplier<MeshView> view, ConfigKey workload, boolean passThrough) {
    /// Istio's word for what it does not know.
    private static final String UNKNOWN = "PassthroughCluster";

    private static final ConfigKey NO_WORKLOAD = ConfigKey.workload("unknown", "unknown");

    /// What connections to an address carry.
    PortProtocol protocol(InetSocketAddress original) {
        var now = view.get();
        return now.at(text(original), original.getPort())
                .map(key -> now.protocol(key, original.getPort()))
                .orElse(PortProtocol.AUTO);
    }

    /// Whether another name than the address has to say where a connection goes.
    boolean isKnown(InetSocketAddress original) {
        return view.get().at(text(original), original.getPort()).isPresent();
    }

    /// The service or workload that a name stands for.
    boolean isKnown(String name) {
        return !name.isEmpty() && view.get().named(name, workload).isPresent();
    }

    /// Where a connection's bytes go: by its address, or else by the name that a TLS client asks for.
    RawRoute raw(InetSocketAddress original, String serverName, EndpointLoad load) {
        var now = view.get();
        var port = original.getPort();
        var key = now.at(text(original), port)
                .or(() -> serverName.isEmpty() ? Optional.empty() : now.named(serverName, workload));
        var service = key.flatMap(found -> Optional.ofNullable(now.services().get(found)))
                .map(found -> found.hosts().getFirst())
                .orElse(key.isPresent() ? "" : UNKNOWN);
        return switch (key.map(found -> now.lookup(found, port, workload)).orElseGet(Destination.Unknown::new)) {
            case Destination.Endpoints(var upstreams) -> raw(service, EndpointChoice.among(upstreams, load));
            case Destination.NoEndpoint(var reason) ->
                refused(service, new Refusal(ResponseFlag.NO_HEALTHY_UPSTREAM, "no healthy upstream: " + reason));
            case Destination.Unknown() ->
                passThrough
                        ? raw(service, List.of(asItIs(original)))
                        : refused(
                                service,
                                new Refusal(
                                        ResponseFlag.NO_ROUTE_FOUND,
                                        "unknown destination " + NetUtil.toSocketAddressString(original)));
        };
    }

    /// Where a connection's requests go: by its address, or else by their own host.
    RequestRouter router(InetSocketAddress original) {
        return (target, load) -> {
            var now = view.get();
            var destination = now.at(text(original), original.getPort())
                    .map(key -> now.lookup(key, original.getPort(), workload))
                    .orElseGet(() -> now.lookup(target.host(), target.port(), workload));
            return OutboundRouter.route(
                    destination instanceof Destination.Unknown && passThrough
                            ? new Destination.Endpoints(List.of(asItIs(original)))
                            : destination,
                    target,
                    load);
        };
    }

    private static RawRoute raw(String service, List<Upstream> candidates) {
        return route(service, candidates, Refusal.NONE);
    }

    private static RawRoute refused(String service, Refusal refusal) {
        return route(service, List.of(), refusal);
    }

    private static RawRoute route(String service, List<Upstream> candidates, Refusal refusal) {
        return new RawRoute(
                Direction.OUTBOUND,
                service,
                candidates,
                refusal,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                () -> true,
                false);
    }

    private static Upstream asItIs(InetSocketAddress original) {
        return new Upstream(NO_WORKLOAD, text(original), original.getPort(), new UpstreamTls.Plaintext());
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress();
    }
}
