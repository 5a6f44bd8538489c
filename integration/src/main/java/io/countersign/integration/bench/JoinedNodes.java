package io.countersign.integration.bench;

import io.countersign.identity.IdentitySettings;
import io.countersign.identity.SvidRenewer;
import io.countersign.identity.X509Svid;
import io.countersign.integration.bench.SimulatedNodes.Node;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.local.control.CaClient;
import io.countersign.local.control.CaTrust;
import io.countersign.local.plan.JoinTokenRequest;
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
        var uri = URI.create("https://" + mesh.control() + ":8443");
        var ca = IdentitySettings.caOf(identity("any"));
        var secrets = mesh.state().resolve("secrets");
        var token = secrets.resolve("join-token-simulated");
        var nodes = new ArrayList<Node>();
        // Its port is held by the process that this one has started.
        try (var client =
                new CaClient(uri, new CaTrust(ca, () -> true), Files.readString(secrets.resolve("ca-admin-token")))) {
            for (int i = 0; i < count; i++) {
                var node = "simulated-" + i;
                Files.writeString(
                        token,
                        client.joinToken(new JoinTokenRequest(identity(node).toString(), node, List.of())));
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
