package io.countersign.dataplane;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// An application: `/headers` echoes the request's headers, `/sum` answers the SHA-256 of the body, `/bytes/N` that
/// many bytes, `/status/N` that status.
public final class EchoApp implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();

    private EchoApp(HttpServer server) {
        this.server = server;
    }

    public static EchoApp start() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
            var app = new EchoApp(server);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", app::answer);
            server.start();
            return app;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        var parts = exchange.getRequestURI().getPath().split("/", -1);
        switch (parts[1]) {
            case "bytes" -> send(exchange, 200, new byte[Integer.parseInt(parts[2])]);
            case "status" -> send(exchange, Integer.parseInt(parts[2]), new byte[0]);
            case "sum" -> send(exchange, 200, sum(exchange).getBytes(StandardCharsets.US_ASCII));
            default -> send(exchange, 200, headers(exchange).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String headers(HttpExchange exchange) {
        var text = new StringBuilder(exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n");
        exchange.getRequestHeaders()
                .forEach((name, values) -> values.forEach(value -> text.append(name.toLowerCase(Locale.ROOT))
                        .append(": ")
                        .append(value)
                        .append('\n')));
        return text.toString();
    }

    private static String sum(HttpExchange exchange) throws IOException {
        try (var body = new DigestInputStream(exchange.getRequestBody(), MessageDigest.getInstance("SHA-256"))) {
            body.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(body.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
