package io.countersign.dataplane.outbound;

import io.countersign.dataplane.relay.RequestRouter;
import io.countersign.dataplane.relay.RequestTarget;
import io.countersign.dataplane.relay.Route;
import io.countersign.dataplane.relay.UpstreamLoad;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.view.Destination;
import io.countersign.mesh.view.MeshView;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.function.Supplier;

/// Routes a client's requests by what the mesh view says at that moment.
///
/// @param workload the client, whose namespace completes short names and whose rules hold
public record OutboundRouter(Supplier<MeshView> view, ConfigKey workload) implements RequestRouter {
    @Override
    public Route route(RequestTarget target, UpstreamLoad load) {
        return switch (view.get().lookup(target.host(), target.port(), workload)) {
            case Destination.Endpoints(var upstreams) -> new Route.Forward(EndpointChoice.among(upstreams, load));
            case Destination.NoEndpoint(var reason) ->
                refused("no healthy upstream for " + target.authority() + ": " + reason);
            case Destination.Unknown() ->
                refused("unknown destination " + target.authority() + ": the mesh has no such host");
        };
    }

    private static Route refused(String reason) {
        return new Route.Refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, reason);
    }
}
