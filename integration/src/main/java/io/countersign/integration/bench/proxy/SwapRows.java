package io.countersign.integration.bench.proxy;

import io.countersign.events.BusProperties;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A hundred swaps of all TLS contexts under load: each is a new trust bundle with one more root, and is over once a
/// client under that root is let in.
final class SwapRows {
    private static final int SWAPS = 100;
    private static final Duration BETWEEN = Duration.ofMillis(150);
    private static final Duration SWAP_TIMEOUT = Duration.ofSeconds(10);
    private static final int STEADY_SECONDS = 20;
    /// More than any that ca-service has counted to.
    private static final long FIRST_SEQUENCE = 1_000_000;

    private final Pair pair;
    private final Path bus;

    SwapRows(Pair pair, Path bus) {
        this.pair = pair;
        this.bus = bus;
    }

    List<Line> run() throws IOException, InterruptedException {
        var steady = load(STEADY_SECONDS);
        var steadyOutcomes = steady.join();
        var swapping = load(STEADY_SECONDS);
        var began = System.nanoTime();
        swap();
        var took = Duration.ofNanos(System.nanoTime() - began);
        var outcomes = swapping.join();
        System.err.printf("  steady %s%n  swapping %s; %d swaps in %s%n", steadyOutcomes, outcomes, SWAPS, took);
        return List.of(
                Line.of(
                        "failed requests over 100 swaps, kept and new connections",
                        "count",
                        (double) outcomes.failed(),
                        "0"),
                Line.of(
                        "p99 while swapping to p99 of the steady state",
                        "ratio",
                        outcomes.kept().p99Millis() / steadyOutcomes.kept().p99Millis(),
                        "1.2"));
    }

    private record Outcomes(Load.Outcome kept, Load.Outcome fresh) {
        long failed() {
            return kept.failed() + fresh.failed();
        }
    }

    private CompletableFuture<Outcomes> load(int seconds) {
        var kept = CompletableFuture.supplyAsync(() -> Load.of(32, seconds).on(pair, "/s"), Thread::startVirtualThread);
        var fresh = CompletableFuture.supplyAsync(
                () -> Load.of(4, seconds).with("Connection: close").on(pair, "/s"), Thread::startVirtualThread);
        return kept.thenCombine(fresh, Outcomes::new);
    }

    private void swap() throws InterruptedException {
        var trusted = pair.svid().bundle();
        try (var producer =
                new KafkaProducer<>(BusProperties.load(bus), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < SWAPS; i++) {
                var added = TestAuthority.seeded(i);
                var bundle = new TrustBundle(
                        trusted.trustDomain(),
                        FIRST_SEQUENCE + i,
                        Stream.concat(trusted.authorities().stream(), Stream.of(added.authority()))
                                .toList());
                var _ = producer.send(new ProducerRecord<>(
                        TopicCatalogue.TRUST.name(), trusted.trustDomain().name(), TrustBundleCodec.encode(bundle)));
                awaitInForce(added, bundle);
                Thread.sleep(BETWEEN);
            }
        }
    }

    private void awaitInForce(TestAuthority added, TrustBundle bundle) throws InterruptedException {
        var svid = added.issue(pair.svid().svid().spiffeId());
        var client = new TlsClient(new IssuedSvid(X509Svid.of(svid.chain(), svid.key()), bundle));
        var deadline = System.nanoTime() + SWAP_TIMEOUT.toNanos();
        while (!isLetIn(client)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("bundle " + bundle.sequence() + ": not in force after " + SWAP_TIMEOUT);
            }
            Thread.sleep(5);
        }
    }

    private boolean isLetIn(TlsClient client) {
        try (var _ = client.ask(pair.tls(), "GET /hs HTTP/1.1\r\n\r\n")) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
