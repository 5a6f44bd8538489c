package io.countersign.dataplane;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that send without a pause until told to stop, half of them on kept connections, half on new ones. They retry
/// nothing and count every failure at the socket. A kept connection that is said to close is opened anew.
public final class SteadyLoad {
    private static final int CLIENTS = 8;
    private static final String REQUEST = "GET http://httpbin.full:8000/headers HTTP/1.1\r\nHost: a\r\n";

    private final int port;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();

    private SteadyLoad(int port) {
        this.port = port;
    }

    public static SteadyLoad start(int port) {
        var load = new SteadyLoad(port);
        for (var i = 0; i < CLIENTS; i++) {
            var kept = i % 2 == 0;
            load.clients.add(Thread.ofVirtual().start(() -> load.run(kept)));
        }
        return load;
    }

    public int answered() {
        return answered.get();
    }

    /// Ends the load; what failed, one line each.
    public List<String> stop() throws InterruptedException {
        running.set(false);
        for (var client : clients) {
            client.join();
        }
        return List.copyOf(failures);
    }

    private void run(boolean kept) {
        while (running.get()) {
            try (var client = new RawClient(port)) {
                var open = true;
                while (open && running.get()) {
                    client.send(REQUEST + (kept ? "\r\n" : "Connection: close\r\n\r\n"));
                    var answer = client.readResponse();
                    if (!answer.startsWith("HTTP/1.1 200 ")) {
                        failures.add(answer);
                    }
                    answered.incrementAndGet();
                    open = !answer.toLowerCase(Locale.ROOT).contains("connection: close");
                }
            } catch (IOException | RuntimeException e) {
                failures.add(e.toString());
            }
        }
    }
}
