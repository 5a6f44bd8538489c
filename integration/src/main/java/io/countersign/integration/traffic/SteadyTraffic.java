package io.countersign.integration.traffic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Clients that ask the same thing over and over until they are stopped, and never a second time for an answer that
/// did not come: every request that fails on its socket, or is answered otherwise than expected, is counted.
public final class SteadyTraffic {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = TIMEOUT.plusSeconds(5);

    /// So many failures are described; the rest are only counted.
    private static final int DESCRIBED_MAX = 20;

    /// How connections are used.
    public enum Connections {
        /// Each client keeps one until the peer says that it ends it.
        KEEP_ALIVE,
        /// Each request has its own.
        NEW
    }

    /// What is asked.
    ///
    /// @param peer to connect to: the server, or a proxy
    /// @param target the request target: a path, or a whole URI for a proxy
    /// @param expected holds for the answers that count as good
    public record Request(InetSocketAddress peer, String target, String host, Predicate<HttpAnswer> expected) {
        public Request expecting(Predicate<HttpAnswer> other) {
            return new Request(peer, target, host, other);
        }
    }

    /// What came back.
    ///
    /// @param failures the first failures, for people
    public record Tally(long good, long failed, List<String> failures) {}

    private final Request request;
    private final Connections connections;
    private final Duration pause;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicLong good = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    private SteadyTraffic(Request request, Connections connections, Duration pause) {
        this.request = request;
        this.connections = connections;
        this.pause = pause;
    }

    /// Starts the clients.
    ///
    /// @param count of clients, each with one request under way at most
    /// @param pause of a client after each answer
    public static SteadyTraffic start(Request request, Connections connections, int count, Duration pause) {
        var traffic = new SteadyTraffic(request, connections, pause);
        for (int i = 0; i < count; i++) {
            traffic.clients.add(Thread.ofVirtual().start(traffic::run));
        }
        return traffic;
    }

    /// What came back so far.
    public Tally tally() {
        return new Tally(good.get(), failed.get(), List.copyOf(failures));
    }

    /// Ends the clients after the answers that are under way, and says what came back in all.
    public Tally stop() throws InterruptedException {
        stopping = true;
        for (var client : clients) {
            if (!client.join(STOP_TIMEOUT)) {
                fail("a client did not end in " + STOP_TIMEOUT);
            }
        }
        return tally();
    }

    private void run() {
        HttpConnection kept = null;
        while (!stopping) {
            kept = ask(kept);
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                break;
            }
        }
        closeQuietly(kept);
    }

    private @Nullable HttpConnection ask(@Nullable HttpConnection kept) {
        var reused = kept != null;
        var connection = kept;
        try {
            if (connection == null) {
                connection = HttpConnection.open(request.peer(), TIMEOUT);
            }
            var answer = connection.get(request.target(), request.host());
            if (request.expected().test(answer)) {
                good.incrementAndGet();
            } else {
                fail("answered " + answer.status() + " " + answer.body().strip());
            }
            if (connections == Connections.KEEP_ALIVE && !answer.isLast()) {
                return connection;
            }
        } catch (IOException | RuntimeException e) {
            fail((reused ? "on a kept connection: " : "on a new connection: ") + e);
        }
        closeQuietly(connection);
        return null;
    }

    private void fail(String what) {
        failed.incrementAndGet();
        if (failures.size() < DESCRIBED_MAX) {
            failures.add(Instant.now() + " " + what);
        }
    }

    private static void closeQuietly(@Nullable HttpConnection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                // The request's own outcome is what counts; the connection is gone either way.
            }
        }
    }
}
