package io.countersign.dataplane.tls;

import io.countersign.mesh.view.UpstreamTls.Configured;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The clients' contexts of rules that configure their own TLS. Files are read on a thread of their own, when a rule is
/// first used and every few seconds while it is; nothing is sent before, and nothing where they cannot be used. Files
/// that go bad later leave the last good context in force. For every event loop.
public final class ConfiguredTls {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredTls.class);
    private static final Duration CHECK = Duration.ofSeconds(5);

    /// So many rules and hosts are kept; past it the one that was looked at longest ago is built anew.
    private static final int MAX = 256;

    private final long checkNanos;
    private final Map<Configured, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong generations = new AtomicLong();

    public ConfiguredTls() {
        this(CHECK);
    }

    /// @param check the time after which files in use are looked at again
    ConfiguredTls(Duration check) {
        checkNanos = check.toNanos();
    }

    /// The context for the next connection; ends exceptionally, with the reason, where there is none.
    public CompletableFuture<ConfiguredContext> context(Configured tls) {
        if (entries.size() >= MAX && !entries.containsKey(tls)) {
            entries.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().checkedNanos))
                    .ifPresent(oldest -> entries.remove(oldest.getKey()));
        }
        var entry = entries.computeIfAbsent(tls, _ -> new Entry());
        if (entry.isDue(checkNanos) && entry.checking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("tls-files").start(() -> check(tls, entry));
        }
        return entry.current;
    }

    /// The generation of the context in force; 0 where there is none.
    public long generation(Configured tls) {
        var entry = entries.get(tls);
        return entry != null && entry.isGood() ? entry.current.join().generation() : 0;
    }

    private void check(Configured tls, Entry entry) {
        entry.checkedNanos = System.nanoTime();
        try {
            var content = ConfiguredContext.read(tls.settings());
            if (!entry.isGood() || !entry.current.join().content().equals(content)) {
                entry.use(ConfiguredContext.build(tls, generations.incrementAndGet(), content));
                LOG.atInfo().addKeyValue("peer", tls.sni()).log("tls files of a rule in use");
            }
            entry.failure = "";
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            var failure = "tls files " + ConfiguredContext.files(tls.settings()) + ": " + e.getMessage();
            if (!failure.equals(entry.failure)) {
                LOG.atError()
                        .addKeyValue("peer", tls.sni())
                        .addKeyValue("reason", failure)
                        .log("tls files of a rule cannot be used");
            }
            entry.failure = failure;
            entry.refuse(new IOException(failure, e));
        } finally {
            entry.checking.set(false);
        }
    }

    private static final class Entry {
        private final AtomicBoolean checking = new AtomicBoolean();
        private volatile long checkedNanos = System.nanoTime();
        private volatile CompletableFuture<ConfiguredContext> current = new CompletableFuture<>();
        /// What was logged last; belongs to whoever checks.
        private volatile String failure = "";

        boolean isDue(long afterNanos) {
            return !current.isDone() || System.nanoTime() - checkedNanos > afterNanos;
        }

        boolean isGood() {
            return current.isDone() && !current.isCompletedExceptionally();
        }

        void use(ConfiguredContext context) {
            // The first future has those waiting who came before the files were read.
            if (!current.complete(context)) {
                current = CompletableFuture.completedFuture(context);
            }
        }

        void refuse(Throwable reason) {
            if (!isGood() && !current.completeExceptionally(reason)) {
                current = CompletableFuture.failedFuture(reason);
            }
        }
    }
}
