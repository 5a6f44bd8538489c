package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.tls.SwapOutcome.Applied;
import io.countersign.dataplane.tls.SwapOutcome.Rejected;
import io.countersign.dataplane.tls.SwapOutcome.Unchanged;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveTlsTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId ME = SpiffeId.ofServiceAccount(DOMAIN, "full", "httpbin");
    private static final TestAuthority AUTHORITY = TestAuthority.seeded(1);
    private static final TestAuthority STRANGER = TestAuthority.seeded(2);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final InstantSource clock = now::get;
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(2))
            .withTransport(EventLoops.transport())
            .build();
    private final EventLoops loops = EventLoops.of(vertx);
    private final LiveTls tls = new LiveTls(loops, clock);

    @AfterEach
    void stop() {
        tls.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void appliesGoodMaterialAndCountsItsGenerations() {
        // Given
        tls.swap(material(AUTHORITY.issue(ME))).join();
        var renewed = AUTHORITY.issue(ME);

        // When
        var outcome = tls.swap(material(renewed)).join();

        // Then
        assertThat(outcome).isEqualTo(new Applied(material(renewed).digest()));
        assertThat(tls.current()).hasValueSatisfying(contexts -> {
            assertThat(contexts.generation()).isEqualTo(2);
            assertThat(contexts.material().leaf()).isEqualTo(renewed.leaf());
        });
    }

    @Test
    void leavesTheSameContentInForce() {
        // Given
        var svid = AUTHORITY.issue(ME);
        tls.swap(material(svid)).join();

        // When
        var outcome = tls.swap(material(svid)).join();

        // Then
        assertThat(outcome).isEqualTo(new Unchanged());
        assertThat(tls.current().orElseThrow().generation()).isEqualTo(1);
    }

    @Test
    void rejectsLeafOfTomorrow() {
        var tomorrow = now.get().plus(Duration.ofDays(1));
        rejects(
                RejectionReason.NOT_YET_VALID,
                material(AUTHORITY
                        .leaf(ME)
                        .validFrom(tomorrow)
                        .validUntil(tomorrow.plusSeconds(60))
                        .issue()));
    }

    @Test
    void rejectsLeafOfYesterday() {
        var yesterday = now.get().minus(Duration.ofDays(1));
        rejects(
                RejectionReason.EXPIRED,
                material(AUTHORITY
                        .leaf(ME)
                        .validFrom(yesterday.minusSeconds(60))
                        .validUntil(yesterday)
                        .issue()));
    }

    @Test
    void rejectsChainThatItsOwnBundleDoesNotTrust() {
        rejects(RejectionReason.UNTRUSTED_CHAIN, material(STRANGER.issue(ME)));
    }

    @Test
    void rejectsLeafThatServersOnlyMayUse() {
        rejects(
                RejectionReason.UNTRUSTED_CHAIN,
                material(AUTHORITY.leaf(ME).onlyForServers().issue()));
    }

    @Test
    void rejectsEmptyBundle() {
        var svid = AUTHORITY.issue(ME);
        rejects(
                RejectionReason.UNTRUSTED_CHAIN,
                new TlsMaterial(X509Svid.of(svid.chain(), svid.key()), new TrustBundle(DOMAIN, 2, List.of())));
    }

    @Test
    void rejectsWhatFailsInTheHandshakeItself() {
        // Given a key that belongs to its leaf, on a curve that BoringSSL does not sign with
        var svid = AUTHORITY.leaf(ME).keys(keysOnP521()).issue();

        // When, Then
        rejects(RejectionReason.HANDSHAKE_FAILED, material(svid));
    }

    @Test
    void acceptsNewAuthorityWhileTrustOverlaps() {
        // Given
        tls.swap(material(AUTHORITY.issue(ME))).join();
        var both = new TrustBundle(DOMAIN, 2, List.of(AUTHORITY.authority(), STRANGER.authority()));
        var grown = tls.current().orElseThrow().material();
        tls.swap(new TlsMaterial(grown.svid(), both)).join();
        var svid = STRANGER.issue(ME);

        // When
        var outcome = tls.swap(new TlsMaterial(X509Svid.of(svid.chain(), svid.key()), both))
                .join();

        // Then
        assertThat(outcome).isInstanceOf(Applied.class);
    }

    @Test
    void acceptsTheSuccessorOfAWithdrawnCertificateAndNotTheCertificate() {
        // Given
        var stolen = AUTHORITY.issue(ME);
        tls.swap(material(stolen)).join();
        var serial = RevocationKey.serial(stolen.leaf().getSerialNumber().toString(16));
        tls.revoke(Revocations.NONE.apply(
                new Revocation(serial, false, now.get(), now.get().plusSeconds(60), "KEY_COMPROMISE")));
        var successor = material(AUTHORITY.issue(ME));

        // When
        var outcome = tls.swap(successor).join();
        var back = tls.swap(material(stolen)).join();

        // Then
        assertThat(outcome).isEqualTo(new Applied(successor.digest()));
        assertThat(back).isInstanceOf(Rejected.class);
    }

    @Test
    void refusesHandshakesOnceTheCertificateHasEnded() {
        // Given
        tls.swap(material(
                        AUTHORITY.leaf(ME).validUntil(now.get().plusSeconds(60)).issue()))
                .join();

        // When
        now.updateAndGet(instant -> instant.plusSeconds(61));

        // Then
        assertThat(tls.current()).isEmpty();
    }

    @Test
    void isAppliedOnlyOnceEveryEventLoopHasPassed() throws InterruptedException {
        // Given
        var release = new CountDownLatch(1);
        var busy = new CountDownLatch(1);
        loops.all().getLast().execute(() -> {
            busy.countDown();
            awaitUninterruptibly(release);
        });
        busy.await();

        // When
        var swap = tls.swap(material(AUTHORITY.issue(ME)));

        // Then
        while (tls.current().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(swap).isNotDone();
        release.countDown();
        assertThat(swap.join()).isInstanceOf(Applied.class);
    }

    @Test
    void appliesSwapsOneAfterAnother() {
        // Given
        var svids = IntStream.range(0, 8).mapToObj(_ -> AUTHORITY.issue(ME)).toList();

        // When
        var swaps = svids.stream().map(svid -> tls.swap(material(svid))).toList();

        // Then
        swaps.forEach(swap -> assertThat(swap.join()).isInstanceOf(Applied.class));
        assertThat(tls.current().orElseThrow().material().leaf())
                .isEqualTo(svids.getLast().leaf());
        assertThat(tls.current().orElseThrow().generation()).isEqualTo(8);
    }

    private void rejects(RejectionReason reason, TlsMaterial bad) {
        // Given
        var good = material(AUTHORITY.issue(ME));
        tls.swap(good).join();

        // When
        var outcome = tls.swap(bad).join();

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .as(rejected.detail())
                                .isEqualTo(reason));
        assertThat(tls.current().orElseThrow().material()).isSameAs(good);
    }

    private static TlsMaterial material(TestSvid svid) {
        return new TlsMaterial(X509Svid.of(svid.chain(), svid.key()), AUTHORITY.bundle(DOMAIN, 1));
    }

    private static KeyPair keysOnP521() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp521r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
