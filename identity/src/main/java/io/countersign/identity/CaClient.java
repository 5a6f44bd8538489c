package io.countersign.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.events.TrustBundleCodec;
import io.countersign.events.UnreadableRecord;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.X509Authority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Asks ca-service for SVIDs over HTTPS. ca-service is known by its SPIFFE ID: under the authorities whose hash
/// stands in the join token, later under the trust bundle. Every call opens its own connection, since each shows
/// another certificate. Blocks; for any thread.
public final class CaClient implements SvidSource {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SVIDS = "/v1/svids";
    private static final int CREATED = 201;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final URI svids;
    private final SpiffeId caSpiffeId;
    private final SpiffeId spiffeId;
    private final NodeId nodeId;
    private final InstantSource clock;

    public CaClient(IdentitySettings settings, InstantSource clock) {
        this.svids = settings.caUri().resolve(SVIDS);
        this.caSpiffeId = settings.caSpiffeId();
        this.spiffeId = settings.spiffeId();
        this.nodeId = settings.nodeId();
        this.clock = clock;
    }

    @Override
    public CaAnswer join(JoinToken token, KeyPair keys) {
        var trust = new SpiffeTrustManager((chain, usage) -> judgePinned(chain, usage, token.rootsHash()));
        return ask(keys, token, null, trust);
    }

    @Override
    public CaAnswer renew(IssuedSvid present, KeyPair keys) {
        var verifier = new SvidVerifier(present.bundle());
        var trust = new SpiffeTrustManager(
                (chain, usage) -> verifier.verify(chain, usage, clock.instant(), caSpiffeId::equals));
        return ask(keys, null, present.svid(), trust);
    }

    /// The presented authorities must be exactly those of the token; then the chain must stand under them.
    private SvidVerification judgePinned(List<X509Certificate> chain, SvidUsage usage, RootsHash expected) {
        var presented = chain.stream().skip(1).toList();
        if (!RootsHash.of(presented).equals(expected)) {
            return new SvidVerification.Refused(
                    SvidFault.UNKNOWN_AUTHORITY, "presented authorities are not those of the join token");
        }
        var authorities = new ArrayList<X509Authority>();
        presented.forEach(certificate -> authorities.add(
                new X509Authority("presented-" + authorities.size(), AuthorityState.ACTIVE, certificate)));
        var pinned = new TrustBundle(caSpiffeId.trustDomain(), 0, authorities);
        return new SvidVerifier(pinned).verify(chain, usage, clock.instant(), caSpiffeId::equals);
    }

    private CaAnswer ask(
            KeyPair keys, @Nullable JoinToken token, @Nullable X509Svid present, SpiffeTrustManager trust) {
        var body = JSON.createObjectNode().put("csr", CertificateSigningRequest.pem(keys, spiffeId));
        if (token != null) {
            body.put("joinToken", token.text());
        }
        var request = HttpRequest.newBuilder(svids)
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(context(present, trust))
                .build();
        try {
            return read(client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8)), keys);
        } catch (IOException e) {
            return new CaAnswer.Unreachable(rootMessage(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CaAnswer.Unreachable("interrupted");
        } finally {
            client.shutdownNow();
        }
    }

    private static SSLContext context(@Nullable X509Svid present, SpiffeTrustManager trust) {
        try {
            var keyManager = new SvidKeyManager();
            if (present != null) {
                keyManager.use(present);
            }
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private CaAnswer read(HttpResponse<String> response, KeyPair keys) {
        try {
            var body = JSON.readTree(response.body());
            if (response.statusCode() != CREATED) {
                return new CaAnswer.Refused(
                        response.statusCode(),
                        body.path("type").asText("unknown"),
                        body.path("detail").asText(body.path("title").asText("")));
            }
            return new CaAnswer.Issued(issued(body, keys));
        } catch (JsonProcessingException e) {
            return new CaAnswer.Unreachable("status " + response.statusCode() + ", answer is not JSON");
        } catch (InvalidInput | UnreadableRecord e) {
            return new CaAnswer.Unreachable("answer is not an svid: " + e.getMessage());
        }
    }

    /// Takes nothing on trust that can be checked: own key, own identity, a chain under the bundle it comes with.
    private IssuedSvid issued(JsonNode body, KeyPair keys) {
        var svid = new X509Svid(Pem.certificates(body.path("chain").asText()), keys.getPrivate(), spiffeId);
        if (!SvidNames.nodeId(svid.leaf()).equals(Optional.of(nodeId))) {
            throw InvalidInput.of("svid's node", SvidNames.nodeId(svid.leaf()), nodeId.value());
        }
        var bundle = TrustBundleCodec.decode(body.path("bundle").toString().getBytes(StandardCharsets.UTF_8));
        if (!bundle.trustDomain().equals(spiffeId.trustDomain())) {
            throw InvalidInput.of(
                    "trust bundle's domain",
                    bundle.trustDomain(),
                    spiffeId.trustDomain().name());
        }
        var judgement =
                new SvidVerifier(bundle).verify(svid.chain(), SvidUsage.CLIENT, clock.instant(), spiffeId::equals);
        return switch (judgement) {
            case SvidVerification.Valid _ -> new IssuedSvid(svid, bundle);
            case SvidVerification.Refused refused -> throw new InvalidInput("svid: " + refused.detail());
        };
    }

    /// The innermost cause says what happened; the outer ones only where.
    private static String rootMessage(Throwable thrown) {
        var cause = thrown;
        for (var next = cause.getCause(); next != null; next = next.getCause()) {
            cause = next;
        }
        var message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
