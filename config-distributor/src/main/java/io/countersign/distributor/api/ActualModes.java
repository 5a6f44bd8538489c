package io.countersign.distributor.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.controlplane.RequestRefused;
import io.countersign.distributor.api.TlsCheckAnswer.Actual;
import io.countersign.mesh.analysis.TlsCheck;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.projection.MeshState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pcollections.TreePSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What nodes have in force, for one check: every node is asked once, and few do not answer.
final class ActualModes {
    private static final Logger LOG = LoggerFactory.getLogger(ActualModes.class);
    private static final String UNKNOWN = "UNKNOWN";
    private static final String NONE = "NONE";

    /// After as many that do not answer no other node is asked: each costs seconds.
    private static final int UNANSWERED_MAX = 3;

    /// After it no other node is asked either, however many answer slowly.
    private static final Duration TOTAL = Duration.ofSeconds(15);

    private final long deadlineNanos = System.nanoTime() + TOTAL.toNanos();
    private final MeshState state;
    private final NodeClient nodes;
    private final Map<NodeId, Optional<JsonNode>> listeners = new HashMap<>();
    private final Optional<NodeReport> client;
    private final Optional<JsonNode> clusters;
    private int unanswered;

    ActualModes(MeshState state, NodeClient nodes, ConfigKey client) {
        this.state = state;
        this.nodes = nodes;
        this.client = serving(client).findFirst();
        this.clusters = this.client.flatMap(report -> ask(report, "clusters"));
    }

    /// Both sides of one row; empty where the client has no node.
    Optional<Actual> of(TlsCheck.Row row) {
        return client.map(_ -> clusters.flatMap(page -> cluster(page, row))
                .map(cluster -> {
                    var mode = cluster.path("mode").asText(UNKNOWN);
                    var server = server(cluster);
                    var agrees = mode.equals(row.client().name())
                            && (server.equals(row.server().name()) || server.equals(NONE));
                    return new Actual(mode, server, agrees);
                })
                .orElseGet(() -> new Actual(UNKNOWN, UNKNOWN, false)));
    }

    private static Optional<JsonNode> cluster(JsonNode page, TlsCheck.Row row) {
        return page.path("clusters")
                .valueStream()
                .filter(cluster -> cluster.path("host").asText().equals(row.host())
                        && cluster.path("port").asInt() == row.port())
                .findFirst();
    }

    /// What the endpoints' ports take, which the client's node knows.
    private String server(JsonNode cluster) {
        var modes = new TreeSet<String>();
        cluster.path("endpoints").forEach(endpoint -> {
            var address = endpoint.path("address").asText();
            var port = address.substring(address.lastIndexOf(':') + 1);
            ConfigKey.parse("workload/" + endpoint.path("workload").asText()).stream()
                    .flatMap(this::serving)
                    .map(report -> mode(report, port))
                    .forEach(modes::add);
        });
        return modes.isEmpty() ? NONE : String.join(", ", modes);
    }

    private String mode(NodeReport report, String port) {
        var page = listeners.get(report.node());
        if (page == null) {
            page = ask(report, "listeners");
            listeners.put(report.node(), page);
        }
        return page.stream()
                .flatMap(each -> each.path("listeners").valueStream())
                .filter(listener ->
                        listener.has("mode") && listener.path("port").asText().equals(port))
                .map(listener -> listener.path("mode").asText())
                .findFirst()
                .orElse(UNKNOWN);
    }

    private Stream<NodeReport> serving(ConfigKey workload) {
        return state.served().getOrDefault(workload, TreePSet.<NodeId>empty()).stream()
                .map(node -> Objects.requireNonNull(state.reports().get(node), "a node that serves has reported"));
    }

    private Optional<JsonNode> ask(NodeReport report, String page) {
        if (unanswered >= UNANSWERED_MAX || System.nanoTime() - deadlineNanos > 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(nodes.ask(report, page));
        } catch (RequestRefused e) {
            unanswered++;
            LOG.atWarn()
                    .addKeyValue("nodeId", report.node())
                    .addKeyValue("reason", e.getMessage())
                    .log("node not asked");
            return Optional.empty();
        }
    }
}
