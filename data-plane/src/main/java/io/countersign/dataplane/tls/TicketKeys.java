package io.countersign.dataplane.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// The keys under which a node's session tickets are sealed, the same for all its contexts, one after another. They are
/// in memory only. The newest seals, the one before still opens; none opens anything after twice its time.
final class TicketKeys {
    /// So long a key seals.
    static final Duration SEALS = Duration.ofHours(6);

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private volatile Generation current;

    TicketKeys(InstantSource clock) {
        this.clock = clock;
        current = new Generation(1, List.of(newKey()), clock.instant());
    }

    /// Keys as they stand at a time.
    ///
    /// @param number tells them from all others
    /// @param keys the one that seals first
    /// @param since when it began to
    record Generation(long number, List<OpenSslSessionTicketKey> keys, Instant since) {
        @Override
        public String toString() {
            return "Generation[number=" + number + ", since=" + since + "]";
        }
    }

    Generation current() {
        return age(current).compareTo(SEALS) < 0 ? current : rotate();
    }

    /// Opens no ticket any more that was sealed before.
    synchronized void forget() {
        current = new Generation(current.number() + 1, List.of(newKey()), clock.instant());
    }

    private synchronized Generation rotate() {
        var old = current;
        if (age(old).compareTo(SEALS) >= 0) {
            var stillOpens = age(old).compareTo(SEALS.multipliedBy(2)) < 0;
            var keys = stillOpens ? List.of(newKey(), old.keys().getFirst()) : List.of(newKey());
            current = new Generation(old.number() + 1, keys, clock.instant());
        }
        return current;
    }

    private Duration age(Generation generation) {
        return Duration.between(generation.since(), clock.instant());
    }

    private OpenSslSessionTicketKey newKey() {
        return new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
