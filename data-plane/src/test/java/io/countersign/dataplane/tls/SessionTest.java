package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.identity.SvidVerifier;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls.MeshMutual;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/// Sessions that our own client keeps and takes up again, and the key exchange of both.
class SessionTest {
    private static final ByteBufAllocator ALLOCATOR = ByteBufAllocator.DEFAULT;
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId SERVER = SpiffeId.ofServiceAccount(DOMAIN, "full", "httpbin");
    private static final SpiffeId OTHER = SpiffeId.ofServiceAccount(DOMAIN, "full", "other");
    private static final SpiffeId CLIENT = SpiffeId.ofServiceAccount(DOMAIN, "full", "sleep");
    private static final TestAuthority AUTHORITY = TestAuthority.seeded(1);
    private static final int PORT = 8000;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final InstantSource clock = now::get;
    private final AtomicReference<Withdrawals> withdrawals = new AtomicReference<>(Withdrawals.NONE);
    private final TicketKeys tickets = new TicketKeys(clock);
    private final TestSvid svid = AUTHORITY.issue(SERVER);
    private final TlsContexts client = contexts(AUTHORITY.issue(CLIENT), PostQuantum.PREFERRED);
    private final TlsContexts server = contexts(svid, PostQuantum.PREFERRED);

    @Test
    void takesUpASessionWithTheSameEndpointAlsoAfterItsServersSwap() {
        // Given
        var first = facts(server, PORT, SERVER);
        var renewed = contexts(AUTHORITY.issue(SERVER), PostQuantum.PREFERRED);

        // When
        var second = facts(renewed, PORT, SERVER);

        // Then
        assertThat(first.resumed()).isFalse();
        assertThat(second.resumed()).isTrue();
        assertThat(second.group()).isEqualTo("X25519MLKEM768");
    }

    @Test
    void takesUpNoSessionOfAnotherEndpointOrOtherExpectations() {
        // Given
        facts(server, PORT, SERVER);

        // When
        var elsewhere = facts(server, PORT + 1, SERVER);
        var expected = facts(server, PORT, SERVER, OTHER);
        var stranger = failure(server, PORT, OTHER);

        // Then
        assertThat(elsewhere.resumed()).isFalse();
        assertThat(expected.resumed()).isFalse();
        assertThat(stranger).hasValueSatisfying(why -> assertThat(why).contains("peer is " + SERVER));
    }

    @Test
    void refusesTheServerOfASessionThatWasRevokedMeanwhile() {
        // Given
        facts(server, PORT, SERVER);
        var serial = RevocationKey.serial(svid.leaf().getSerialNumber().toString(16));
        var revocation = new Revocation(serial, false, now.get(), now.get().plusSeconds(60), "KEY_COMPROMISE");

        // When
        withdrawals.set(Withdrawals.NONE.with(Revocations.NONE.apply(revocation)));
        var failure = failure(server, PORT, SERVER);

        // Then
        assertThat(failure).hasValueSatisfying(why -> assertThat(why).contains("is withdrawn"));
    }

    @Test
    void takesUpNoSessionOfAServersCertificateThatHasEnded() {
        // Given
        var end = now.get().plusSeconds(60);
        var ending = AUTHORITY.leaf(SERVER).validUntil(end).issue();
        facts(contexts(ending, PostQuantum.PREFERRED), PORT, SERVER);

        // When
        now.set(end.plusSeconds(1));
        var facts = facts(server, PORT, SERVER);

        // Then
        assertThat(facts.resumed()).isFalse();
    }

    @Test
    void opensTicketsOfTheLastTwoKeysOnly() {
        // Given
        facts(server, PORT, SERVER);

        // When
        now.updateAndGet(time -> time.plus(TicketKeys.SEALS));
        var next = facts(server, PORT, SERVER);
        now.updateAndGet(time -> time.plus(TicketKeys.SEALS.multipliedBy(2)));
        var late = facts(server, PORT, SERVER);

        // Then
        assertThat(next.resumed()).isTrue();
        assertThat(late.resumed()).isFalse();
    }

    @Test
    void opensNoTicketOfAForgottenKey() {
        // Given
        facts(server, PORT, SERVER);

        // When
        tickets.forget();

        // Then
        assertThat(facts(server, PORT, SERVER).resumed()).isFalse();
    }

    @Test
    void requiresThePostQuantumGroupOfBothSides() throws SSLException {
        // Given
        var strict = contexts(svid, PostQuantum.REQUIRED);
        var strictClient = contexts(AUTHORITY.issue(CLIENT), PostQuantum.REQUIRED);
        var classic = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .option(OpenSslContextOption.GROUPS, new String[] {"X25519"})
                .keyManager(
                        AUTHORITY.issue(CLIENT).key(), AUTHORITY.issue(CLIENT).leaf())
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();

        // When
        var both = facts(strict, PORT, SERVER);
        String refused;
        try (var handshake = new MemoryHandshake(classic.newHandler(ALLOCATOR), strict.newServerHandler(ALLOCATOR))) {
            refused = handshake.failure().orElse("");
        }
        Optional<String> own;
        try (var handshake = new MemoryHandshake(
                strictClient.newClientHandler(ALLOCATOR, new MeshMutual(Set.of(SERVER), "")),
                server.newServerHandler(ALLOCATOR))) {
            own = handshake.failure();
        }

        // Then
        assertThat(both.group()).isEqualTo("X25519MLKEM768");
        assertThat(refused).contains("NO_SHARED_GROUP");
        assertThat(own).isEmpty();
    }

    private TlsFacts facts(TlsContexts to, int port, SpiffeId... expected) {
        var ours = client.newClientHandler(ALLOCATOR, endpoint(port), new MeshMutual(Set.of(expected), ""), Offer.HTTP);
        var theirs = to.newServerHandler(ALLOCATOR);
        try (var handshake = new MemoryHandshake(ours, theirs)) {
            assertThat(handshake.failure()).isEmpty();
            assertThat(PeerIdentity.of(ours.engine())).map(PeerIdentity::id).contains(SERVER);
            assertThat(PeerIdentity.of(theirs.engine())).map(PeerIdentity::id).contains(CLIENT);
            assertThat(TlsFacts.of(theirs.engine()).resumed())
                    .isEqualTo(TlsFacts.of(ours.engine()).resumed());
            return TlsFacts.of(ours.engine());
        }
    }

    private Optional<String> failure(TlsContexts to, int port, SpiffeId... expected) {
        var ours = client.newClientHandler(ALLOCATOR, endpoint(port), new MeshMutual(Set.of(expected), ""), Offer.HTTP);
        try (var handshake = new MemoryHandshake(ours, to.newServerHandler(ALLOCATOR))) {
            return handshake.failure();
        }
    }

    private static Upstream endpoint(int port) {
        return new Upstream(
                ConfigKey.workload("full", "httpbin"), "127.0.0.1", port, new MeshMutual(Set.of(SERVER), ""));
    }

    private TlsContexts contexts(TestSvid from, PostQuantum postQuantum) {
        var material = new TlsMaterial(X509Svid.of(from.chain(), from.key()), AUTHORITY.bundle(DOMAIN, 1));
        try {
            return TlsContexts.build(
                    material,
                    new SvidVerifier(material.bundle()),
                    1,
                    new HandshakeRules(clock, withdrawals::get, tickets, postQuantum));
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}
