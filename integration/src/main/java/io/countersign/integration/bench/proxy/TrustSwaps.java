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
import java.time.InstantSource;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Swaps all TLS contexts of two sidecars, as a new certificate does, as often as is wanted: each swap is a bundle with
/// another root beside the mesh's own, and is over once a client under that root is let in.
final class TrustSwaps implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);

    private final Pair pair;
    private final KafkaProducer<String, byte[]> producer;
    /// More than any that ca-service has counted to, or that an earlier run has left on the topic.
    private final long firstSequence = InstantSource.system().millis();

    private long count;

    TrustSwaps(Pair pair, Path bus) {
        this.pair = pair;
        this.producer = new KafkaProducer<>(BusProperties.load(bus), new StringSerializer(), new ByteArraySerializer());
    }

    /// One that is yet to be written.
    record Swap(TestAuthority added, TrustBundle bundle) {}

    /// Swaps once; returns when the swap is over at the server's proxy.
    void swap() throws InterruptedException {
        var swap = next();
        write(swap);
        awaitInForce(swap);
    }

    /// Makes the next swap, which takes more of a processor than to write it.
    Swap next() {
        var trusted = pair.svid().bundle();
        var added = TestAuthority.seeded(count);
        return new Swap(
                added,
                new TrustBundle(
                        trusted.trustDomain(),
                        firstSequence + count++,
                        Stream.concat(trusted.authorities().stream(), Stream.of(added.authority()))
                                .toList()));
    }

    /// Begins a swap.
    void write(Swap swap) {
        var _ = producer.send(new ProducerRecord<>(
                TopicCatalogue.TRUST.name(), swap.bundle.trustDomain().name(), TrustBundleCodec.encode(swap.bundle)));
    }

    /// Returns when a swap is over at the server's proxy.
    void awaitInForce(Swap swap) throws InterruptedException {
        var svid = swap.added.issue(pair.svid().svid().spiffeId());
        var client = new TlsClient(new IssuedSvid(X509Svid.of(svid.chain(), svid.key()), swap.bundle));
        var deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!isLetIn(client)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("bundle " + swap.bundle.sequence() + ": not in force after " + TIMEOUT);
            }
            Thread.sleep(POLL);
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private boolean isLetIn(TlsClient client) {
        try (var _ = client.ask(pair.tls(), "GET /hs HTTP/1.1\r\n\r\n")) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
