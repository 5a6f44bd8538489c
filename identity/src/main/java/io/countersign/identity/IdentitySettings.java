package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;

/// What a process needs to know to get its SVID.
///
/// @param caUri where ca-service answers, `https://host:port`
/// @param caSpiffeId who must answer there
/// @param spiffeId the identity to ask for
/// @param nodeId the process that asks
/// @param joinTokenFile holds the join token for the first SVID; read at every attempt, so that it may be replaced
/// @param directory where the SVID is kept as PEM files; empty when it is to stay in memory
public record IdentitySettings(
        URI caUri,
        SpiffeId caSpiffeId,
        SpiffeId spiffeId,
        NodeId nodeId,
        Path joinTokenFile,
        Optional<Path> directory) {
    private static final String CA_NAMESPACE = "istio-system";
    private static final String CA_SERVICE_ACCOUNT = "ca-service";

    public IdentitySettings {
        if (!"https".equals(caUri.getScheme()) || caUri.getHost() == null) {
            throw InvalidInput.of("ca uri", caUri, "https://host:port");
        }
        if (!caSpiffeId.trustDomain().equals(spiffeId.trustDomain())) {
            throw InvalidInput.of("ca spiffe id", caSpiffeId, "in trust domain " + spiffeId.trustDomain());
        }
    }

    /// Parses settings as they stand in configuration; one [InvalidInput] names every value that is wrong.
    public static IdentitySettings parse(
            URI caUri, String spiffeId, String nodeId, Path joinTokenFile, Optional<Path> directory) {
        var problems = new ArrayList<String>();
        Optional<SpiffeId> identity = Optional.empty();
        Optional<NodeId> node = Optional.empty();
        try {
            identity = Optional.of(SpiffeId.parse(spiffeId));
        } catch (InvalidInput e) {
            problems.add(e.getMessage());
        }
        try {
            node = Optional.of(new NodeId(nodeId));
        } catch (InvalidInput e) {
            problems.add(e.getMessage());
        }
        if (identity.isEmpty() || node.isEmpty()) {
            throw new InvalidInput(String.join("; ", problems));
        }
        var ca = caOf(identity.get());
        return new IdentitySettings(caUri, ca, identity.get(), node.get(), joinTokenFile, directory);
    }

    /// The identity of ca-service in the trust domain of another one.
    public static SpiffeId caOf(SpiffeId spiffeId) {
        return SpiffeId.ofServiceAccount(spiffeId.trustDomain(), CA_NAMESPACE, CA_SERVICE_ACCOUNT);
    }
}
