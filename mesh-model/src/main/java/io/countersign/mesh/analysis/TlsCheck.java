package io.countersign.mesh.analysis;

import io.countersign.mesh.analysis.Services.Service;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.projection.Projection;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.mesh.view.RuleLookup;
import io.countersign.mesh.view.RuleLookup.Client;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether what a client sends is what servers take, as it was written; `istioctl authn tls-check` of this mesh.
/// It uses the functions that the distributor and the nodes use, and so tells what they do.
public final class TlsCheck {
    private TlsCheck() {}

    /// What a check comes to.
    public sealed interface Result {
        /// What was found.
        ///
        /// @param rows by host and port
        record Checked(List<Row> rows) implements Result {
            public Checked {
                rows = List.copyOf(rows);
            }
        }

        /// There is nothing to check.
        ///
        /// @param message for people
        record Refused(Refusal reason, String message) implements Result {}
    }

    /// Why there is nothing to check.
    public enum Refusal {
        NO_MESH,
        UNKNOWN_CLIENT,
        UNKNOWN_SERVICE
    }

    /// Whether the two sides fit.
    public enum Status {
        OK,
        CONFLICT
    }

    /// One port of one service.
    ///
    /// @param authenticationPolicy that holds; empty for the mesh's default mode
    /// @param destinationRule that holds; empty where none does
    /// @param why one sentence for each winner and loser
    public record Row(
            String host,
            int port,
            Status status,
            MtlsMode server,
            ClientMode client,
            Optional<ResourceKey> authenticationPolicy,
            Optional<ResourceKey> destinationRule,
            List<String> why) {
        public Row {
            why = List.copyOf(why);
        }

        /// Whether the client decides for each endpoint by itself.
        public boolean automatic() {
            return client == ClientMode.AUTO;
        }
    }

    /// Checks what a client would do.
    ///
    /// @param clientWorkload whose rules count
    /// @param host of one service, in any form that the client may use; empty for all services
    public static Result of(MeshState state, ConfigKey clientWorkload, Optional<String> host) {
        var settings = state.settings();
        if (settings.isEmpty()) {
            return new Result.Refused(Refusal.NO_MESH, "the mesh is not defined yet");
        }
        var client = Projection.project(state, clientWorkload);
        if (!(client.orElse(null) instanceof WorkloadConfig workload)) {
            return new Result.Refused(Refusal.UNKNOWN_CLIENT, unknown(state, clientWorkload));
        }
        var check = new Check(
                state,
                Services.of(state),
                ClientSide.lookup(state, settings.get()),
                settings.get().autoMtls(),
                workload);
        var rows = check.services
                .all()
                .filter(service -> host.isEmpty() || service.isMeant(host.get(), workload.namespace()))
                .flatMap(check::rows)
                .sorted(Comparator.comparing(Row::host).thenComparingInt(Row::port))
                .toList();
        return host.isPresent() && rows.isEmpty()
                ? new Result.Refused(
                        Refusal.UNKNOWN_SERVICE,
                        "service: " + host.get() + " (expected: a service with ports, as NAME.NAMESPACE)")
                : new Result.Checked(rows);
    }

    private static String unknown(MeshState state, ConfigKey client) {
        var there = state.in(ResourceType.WORKLOAD_ENTRY, client.namespace()).stream()
                .map(entry -> entry.key().name())
                .toList();
        return "workload: " + client.name() + " in " + client.namespace() + " (expected: "
                + (there.isEmpty() ? "a namespace with workloads" : Words.some(there)) + ")";
    }

    private record Check(
            MeshState state, Services services, RuleLookup lookup, boolean automatic, WorkloadConfig client) {
        Stream<Row> rows(Service service) {
            var ranked =
                    lookup.ranked(new Client(client.namespace(), client.labels()), service.host(), service.namespace());
            return service.ports().stream().map(port -> row(service, port, ranked));
        }

        private Row row(Service service, ServicePort port, List<RuleLookup.Found> ranked) {
            var server = ServerSide.of(state, services, service, port);
            var mine = ClientSide.of(ranked, port.port(), automatic);
            var why = new ArrayList<String>();
            if (client.proxy() == ProxyPresence.NONE) {
                why.add("the client has no proxy: it sends plaintext, whatever the rules say");
            }
            why.addAll(server.why());
            why.addAll(mine.why());
            return new Row(
                    service.host(),
                    port.port(),
                    mine.mode().conflictsWith(server.mode()) ? Status.CONFLICT : Status.OK,
                    server.mode(),
                    mine.mode(),
                    server.policy(),
                    mine.rule(),
                    why);
        }
    }
}
