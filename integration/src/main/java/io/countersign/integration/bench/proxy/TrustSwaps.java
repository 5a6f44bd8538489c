package io.countersign.integration.bench.proxy;

import io.countersign.events.BusProperties;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.testing.TestAuthority;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
    private static final Duration IDLE = Duration.ofMillis(100);

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
        var client = client(swap);
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

    /// From the writing of a bundle that drops a root to the end of an idle connection of a client under it.
    Duration withdraw() throws IOException, InterruptedException {
        var before = next();
        write(before);
        awaitInForce(before);
        var after = next();
        try (var connection = ask(client(before))) {
            if (hasEnded(connection, IDLE)) {
                throw new IllegalStateException("a connection ended before its root was dropped");
            }
            var written = System.nanoTime();
            write(after);
            if (!hasEnded(connection, TIMEOUT)) {
                throw new IllegalStateException("a connection outlived its root by " + TIMEOUT);
            }
            return Duration.ofNanos(System.nanoTime() - written);
        }
    }

    private static boolean hasEnded(Socket connection, Duration within) throws IOException {
        connection.setSoTimeout(Math.toIntExact(within.toMillis()));
        try {
            var in = connection.getInputStream();
            var rest = 0;
            while (rest >= 0) {
                rest = in.read();
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /// Under the root that a swap adds.
    private TlsClient client(Swap swap) {
        var svid = swap.added.issue(pair.svid().svid().spiffeId());
        return new TlsClient(new IssuedSvid(X509Svid.of(svid.chain(), svid.key()), swap.bundle));
    }

    private Socket ask(TlsClient client) throws IOException {
        return client.ask(pair.tls(), "GET /s HTTP/1.1\r\nHost: " + pair.host() + "\r\n\r\n");
    }

    private boolean isLetIn(TlsClient client) {
        try (var _ = ask(client)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
