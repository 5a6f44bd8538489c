package io.countersign.dataplane.telemetry;

import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.view.MeshView;
import io.countersign.mesh.view.Upstream;
import io.micrometer.core.instrument.Tags;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Istio's labels of what one workload relays.
///
/// @param workload whose traffic it is; empty for a gateway
record TrafficLabels(Optional<ConfigKey> workload, SpiffeId identity, Supplier<MeshView> view) {
    static final String UNKNOWN = "unknown";
    private static final String NAMESPACE = "/ns/";

    /// What tells one series from another; the rest follows from it.
    ///
    /// @param service as asked for; empty on the inbound side, where anybody may ask for anything
    /// @param status 0 for a connection
    record Series(
            Direction direction,
            String service,
            @Nullable ConfigKey endpoint,
            @Nullable SpiffeId peer,
            boolean mutualTls,
            int status,
            String grpcStatus,
            ResponseFlag flag) {
        /// Everything that was too much.
        static final Series OTHER = new Series(Direction.INBOUND, "", null, null, false, 0, "", ResponseFlag.NONE);

        static Series of(RelayedTo relayed, int status, String grpcStatus, ResponseFlag flag) {
            var outbound = relayed.direction() == Direction.OUTBOUND;
            return new Series(
                    relayed.direction(),
                    outbound && flag != ResponseFlag.NO_ROUTE_FOUND ? relayed.service() : "",
                    outbound ? relayed.upstream().map(Upstream::workload).orElse(null) : null,
                    relayed.peer().map(PeerIdentity::id).orElse(null),
                    relayed.tls().isPresent(),
                    status,
                    grpcStatus,
                    flag);
        }
    }

    /// One side of what is relayed.
    private record Side(String workload, String namespace, String principal) {
        static final Side UNKNOWN_SIDE = new Side(UNKNOWN, UNKNOWN, UNKNOWN);
    }

    /// The labels of requests and connections alike.
    Tags of(Series series) {
        var own = new Side(
                workload.map(ConfigKey::name).orElse(UNKNOWN),
                workload.map(ConfigKey::namespace).orElse(UNKNOWN),
                series.mutualTls ? identity.toString() : UNKNOWN);
        var other = other(series);
        var outbound = series.direction == Direction.OUTBOUND;
        var source = outbound ? own : other;
        var destination = outbound ? other : own;
        return Tags.of("reporter", outbound ? "source" : "destination")
                .and("source_workload", source.workload)
                .and("source_workload_namespace", source.namespace)
                .and("source_principal", source.principal)
                .and("destination_workload", destination.workload)
                .and("destination_workload_namespace", destination.namespace)
                .and("destination_principal", destination.principal)
                .and("destination_service", service(series))
                .and("response_flags", series.flag.code())
                .and("connection_security_policy", series.mutualTls ? "mutual_tls" : "none");
    }

    private Side other(Series series) {
        var peer = series.peer;
        var principal = peer == null ? UNKNOWN : peer.toString();
        if (series.endpoint != null) {
            return new Side(series.endpoint.name(), series.endpoint.namespace(), principal);
        }
        return peer == null ? Side.UNKNOWN_SIDE : new Side(workloadOf(peer), namespaceOf(peer), principal);
    }

    /// The one workload of an identity; several may share it, and then nobody knows which it was.
    private String workloadOf(SpiffeId peer) {
        var found = view.get().workloads().values().stream()
                .filter(each -> each.identity().equals(peer))
                .map(WorkloadConfig::name)
                .limit(2)
                .toList();
        return found.size() == 1 ? found.getFirst() : UNKNOWN;
    }

    private static String namespaceOf(SpiffeId peer) {
        var path = peer.path();
        return path.startsWith(NAMESPACE) ? path.substring(NAMESPACE.length()).replaceFirst("/.*", "") : UNKNOWN;
    }

    private String service(Series series) {
        if (series.direction == Direction.OUTBOUND) {
            return workload.flatMap(client -> view.get().named(series.service, client))
                    .flatMap(key -> Optional.ofNullable(view.get().services().get(key)))
                    .map(service -> service.hosts().getFirst())
                    .orElse(series.service.isEmpty() ? UNKNOWN : series.service);
        }
        return workload.flatMap(key -> view.get().workload(key))
                .flatMap(own -> own.services().keySet().stream().findFirst())
                .map(service -> service.split("/", 2))
                .flatMap(name -> Optional.ofNullable(view.get().services().get(ConfigKey.service(name[0], name[1]))))
                .map(service -> service.hosts().getFirst())
                .orElse(UNKNOWN);
    }
}
