package io.countersign.integration.bench.proxy;

import io.countersign.integration.bench.MeasuredProcess;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Resident memory of the server's proxy: fresh and idle, and for each of a thousand idle mutual-TLS connections that
/// have had one answer.
final class MemoryRows {
    private static final int CONNECTIONS = 1_000;
    private static final Duration SETTLE = Duration.ofSeconds(8);
    private static final double KIB = 1024;

    private final Map<String, Double> idle = new HashMap<>();
    private final Map<String, Double> perConnection = new HashMap<>();

    List<Line> run(List<Pair> fresh) throws IOException, InterruptedException {
        for (var pair : fresh) {
            measure(pair);
        }
        return List.of(
                new Line("idle memory", "MB", idle, "110"),
                new Line("memory per idle mutual-TLS connection", "kB", perConnection, "40"));
    }

    private void measure(Pair pair) throws IOException, InterruptedException {
        Thread.sleep(SETTLE);
        MeasuredProcess server = pair.server();
        var before = server.residentBytes();
        var client = new TlsClient(pair.svid());
        var held = new ArrayList<Socket>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                held.add(client.ask(pair.tls(), "GET /s HTTP/1.1\r\nHost: " + pair.host() + "\r\n\r\n"));
            }
            Thread.sleep(SETTLE);
            var after = server.residentBytes();
            System.err.printf("  %s: %d kB, with connections %d kB%n", pair.name(), before >> 10, after >> 10);
            idle.put(pair.name(), before / KIB / KIB);
            perConnection.put(pair.name(), (after - before) / KIB / CONNECTIONS);
        } finally {
            for (var socket : held) {
                socket.close();
            }
        }
    }
}
