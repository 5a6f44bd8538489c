package io.countersign.dataplane;

import io.countersign.dataplane.LoadConnection.Dialect;
import io.vertx.core.http.HttpClientAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/// Clients that send without a pause until told to stop, some of them on kept connections, some on new ones. They
/// repeat nothing and count every failure at the socket. A kept connection that is said to close is opened anew.
public final class SteadyLoad {
    /// What a kept connection takes that nothing can tell to end.
    static final int SOME = 20;

    static final int ALL = Integer.MAX_VALUE;

    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Map<String, AtomicInteger> answered = new TreeMap<>();
    private final AtomicInteger words = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    /// When each client that opens new ones has opened its last connection.
    private final Map<Thread, Long> opened = new ConcurrentHashMap<>();

    private SteadyLoad() {}

    /// A little of HTTP/1.1.
    public static SteadyLoad start(int port) {
        return new SteadyLoad().with("HTTP/1.1", 4, ALL, 4, LoadConnection.http1(port));
    }

    /// 64 connections of HTTP/1.1, HTTP/2 and bytes, all to one port of the service.
    ///
    /// @param perTcpConnection how many requests a kept connection of bytes takes
    static SteadyLoad start(TestSidecars sidecars, HttpClientAgent http2, int perTcpConnection) {
        var captured = sidecars.capturedPort();
        return new SteadyLoad()
                .with("HTTP/1.1", 12, ALL, 10, LoadConnection.http1(sidecars.outboundPort()))
                .with("HTTP/2", 16, ALL, 4, LoadConnection.http2(http2, captured))
                .with("TCP", 12, perTcpConnection, 10, LoadConnection.tcp(captured));
    }

    /// Waits until there are so many more answers in each protocol.
    public void awaitAnswers(int more) {
        var before = answers();
        Awaitility.await()
                .pollInterval(POLL)
                .atMost(PATIENCE)
                .until(() -> answers().entrySet().stream()
                        .allMatch(now -> now.getValue() >= before.get(now.getKey()) + more));
    }

    /// Waits until no connection is left that was opened before, of those that are not kept for ever.
    void awaitNewConnections() {
        var now = System.nanoTime();
        Awaitility.await()
                .pollInterval(POLL)
                .atMost(PATIENCE)
                .until(() -> opened.values().stream().allMatch(at -> at - now > 0));
    }

    /// The answers so far, by protocol.
    Map<String, Integer> answers() {
        var now = new TreeMap<String, Integer>();
        answered.forEach((protocol, count) -> now.put(protocol, count.get()));
        return now;
    }

    /// Ends the load; what failed, one line each.
    public List<String> stop() throws InterruptedException {
        running.set(false);
        for (var client : clients) {
            client.join();
        }
        return List.copyOf(failures);
    }

    private SteadyLoad with(String protocol, int kept, int perKept, int fresh, Dialect dialect) {
        var count = new AtomicInteger();
        answered.put(protocol, count);
        for (var i = 0; i < kept + fresh; i++) {
            var requests = i < kept ? perKept : 1;
            var name = protocol + (requests == 1 ? " new " : " kept ") + i;
            clients.add(Thread.ofVirtual().name(name).start(() -> run(dialect, requests, count)));
        }
        return this;
    }

    private void run(Dialect dialect, int requests, AtomicInteger count) {
        while (running.get()) {
            var sent = 0;
            var began = System.nanoTime();
            try (var connection = dialect.connect(requests > 1)) {
                if (requests < ALL) {
                    opened.put(Thread.currentThread(), began);
                }
                var open = true;
                while (open && sent < requests && running.get()) {
                    open = connection.ask("word-" + words.incrementAndGet() + "-");
                    sent++;
                    count.incrementAndGet();
                }
            } catch (Exception e) {
                failures.add(Thread.currentThread().getName() + ", request " + (sent + 1) + ": " + e);
            }
        }
    }
}
