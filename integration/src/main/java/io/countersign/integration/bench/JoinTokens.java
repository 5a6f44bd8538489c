package io.countersign.integration.bench;

import io.countersign.integration.mesh.RunningMesh;
import io.countersign.local.control.CaClient;
import io.countersign.local.control.CaTrust;
import io.countersign.local.plan.JoinTokenRequest;
import io.countersign.mesh.identity.SpiffeId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;

/// Tokens for first certificates from a running mesh's own ca-service.
public final class JoinTokens implements AutoCloseable {
    private final CaClient client;

    public JoinTokens(RunningMesh mesh, SpiffeId caService) throws IOException {
        var token = Files.readString(mesh.state().resolve("secrets/ca-admin-token"));
        // Its port is held by the process that this one has started.
        client = new CaClient(ca(mesh), new CaTrust(caService, () -> true), token);
    }

    static URI ca(RunningMesh mesh) {
        return URI.create("https://" + mesh.control() + ":8443");
    }

    public String token(SpiffeId identity, String node) {
        return client.joinToken(new JoinTokenRequest(identity.toString(), node, List.of()));
    }

    @Override
    public void close() {
        client.close();
    }
}
