package io.countersign.integration.bench;

import io.countersign.identity.IdentitySettings;
import io.countersign.identity.SvidRenewer;
import io.countersign.identity.X509Svid;
import io.countersign.integration.bench.SimulatedNodes.Node;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Nodes that serve nothing, with certificates from a running mesh's own ca-service.
final class JoinedNodes {
    private static final Duration SVID_TIMEOUT = Duration.ofSeconds(30);
    private static final TrustDomain TRUST_DOMAIN = new TrustDomain("cluster.local");

    private JoinedNodes() {}

    static List<Node> join(RunningMesh mesh, int count) throws IOException, InterruptedException {
        var uri = JoinTokens.ca(mesh);
        var token = mesh.state().resolve("secrets/join-token-simulated");
        var nodes = new ArrayList<Node>();
        try (var tokens = new JoinTokens(mesh, IdentitySettings.caOf(identity("any")))) {
            for (int i = 0; i < count; i++) {
                var node = "simulated-" + i;
                Files.writeString(token, tokens.token(identity(node), node));
                nodes.add(new Node(new NodeId(node), svid(uri, node, token), List.of()));
            }
        }
        return nodes;
    }

    private static X509Svid svid(URI ca, String node, Path token) throws InterruptedException {
        var settings = IdentitySettings.parse(ca, identity(node).toString(), node, token, Optional.empty());
        try (var renewer = new SvidRenewer(settings, (_, _) -> {})) {
            renewer.start();
            return renewer.awaitFirst(SVID_TIMEOUT)
                    .orElseThrow(() -> new IllegalStateException("no certificate for " + node))
                    .svid();
        }
    }

    private static SpiffeId identity(String name) {
        return SpiffeId.ofServiceAccount(TRUST_DOMAIN, "simulated", name);
    }
}
