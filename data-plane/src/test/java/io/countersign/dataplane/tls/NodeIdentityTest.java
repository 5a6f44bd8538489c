package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.testing.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeIdentityTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId ME = SpiffeId.ofServiceAccount(DOMAIN, "full", "httpbin");
    private static final TestAuthority AUTHORITY = TestAuthority.seeded(1);

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1))
            .withTransport(EventLoops.transport())
            .build();
    private final EventLoops loops = EventLoops.of(vertx);
    private final AtomicInteger defects = new AtomicInteger();
    private final LiveTls tls = new LiveTls(loops, () -> {
        if (defects.getAndDecrement() > 0) {
            throw new IllegalStateException("a defect");
        }
        return Instant.now();
    });
    private final List<Long> inForce = new CopyOnWriteArrayList<>();
    private final AtomicInteger deaf = new AtomicInteger();
    private final NodeIdentity identity = new NodeIdentity(tls, digest -> {
        if (deaf.getAndDecrement() > 0) {
            throw new IllegalStateException("a deaf listener");
        }
        inForce.add(digest.trustSequence());
    });

    @AfterEach
    void stop() {
        tls.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void ofWhatIsOfferedDuringASwapOnlyTheNewestFollows() {
        // Given a swap that an event loop holds up
        var release = new CountDownLatch(1);
        loops.all().getFirst().execute(() -> awaitUninterruptibly(release));
        var svid = AUTHORITY.issue(ME);
        identity.onSvid(X509Svid.of(svid.chain(), svid.key()), AUTHORITY.bundle(DOMAIN, 0));

        // When
        for (var sequence = 1; sequence <= 20; sequence++) {
            var added = TestAuthority.seeded(100 + sequence);
            identity.trust(new TrustBundle(DOMAIN, sequence, List.of(AUTHORITY.authority(), added.authority())));
        }
        release.countDown();

        // Then
        Awaitility.await().until(() -> inForce.size() == 2);
        assertThat(inForce).containsExactly(0L, 20L);
        assertThat(tls.current().orElseThrow().generation()).isEqualTo(2);
    }

    @Test
    void aSwapThatBreaksOffIsToldAndTriedAgain() {
        // Given
        defects.set(1);
        var svid = AUTHORITY.issue(ME);

        // When
        identity.onSvid(X509Svid.of(svid.chain(), svid.key()), AUTHORITY.bundle(DOMAIN, 0));

        // Then
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> inForce.equals(List.of(0L)));
    }

    @Test
    void aListenerThatFailsIsToldAgain() throws InterruptedException {
        // Given
        deaf.set(1);
        var svid = AUTHORITY.issue(ME);

        // When
        identity.onSvid(X509Svid.of(svid.chain(), svid.key()), AUTHORITY.bundle(DOMAIN, 0));

        // Then
        assertThat(identity.awaitFirst(Duration.ofSeconds(30))).isTrue();
        assertThat(inForce).containsExactly(0L);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
