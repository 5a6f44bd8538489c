package io.countersign.dataplane.outbound;

import io.countersign.dataplane.http.RequestRouter;
import io.countersign.dataplane.http.RequestTarget;
import io.countersign.dataplane.relay.EndpointLoad;
import io.countersign.dataplane.relay.Route;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.view.Destination;
import io.countersign.mesh.view.MeshView;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.function.Supplier;

/// Routes a client's requests by what the mesh view says of their host at that moment.
///
/// @param workload the client, whose namespace completes short names and whose rules hold
public record OutboundRouter(Supplier<MeshView> view, ConfigKey workload) implements RequestRouter {
    @Override
    public Route route(RequestTarget target, EndpointLoad load) {
        return route(view.get().lookup(target.host(), target.port(), workload), target, load);
    }

    static Route route(Destination destination, RequestTarget target, EndpointLoad load) {
        return switch (destination) {
            case Destination.Endpoints(var upstreams) -> new Route.Forward(EndpointChoice.among(upstreams, load));
            case Destination.NoEndpoint(var reason) ->
                refused(
                        ResponseFlag.NO_HEALTHY_UPSTREAM,
                        "no healthy upstream for " + target.authority() + ": " + reason);
            case Destination.Unknown() ->
                refused(
                        ResponseFlag.NO_ROUTE_FOUND,
                        "unknown destination " + target.authority() + ": the mesh has no such host");
        };
    }

    private static Route refused(ResponseFlag flag, String reason) {
        return new Route.Refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, flag, reason);
    }
}
