package io.countersign.dataplane;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;

/// An application: `/headers` echoes the request's headers, `/sum` answers the SHA-256 of the body, `/bytes/N` that
/// many bytes, `/status/N` that status, `/field/N` a field of that length, `/sni` the server name that a client sent.
public final class EchoApp implements AutoCloseable {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int BACKLOG = 1024;

    static {
        // Connections do not end by themselves while a slow machine gets round to them; 30 s is the default.
        System.setProperty("sun.net.httpserver.idleInterval", "300");
    }

    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();

    private EchoApp(HttpServer server) {
        this.server = server;
    }

    public static EchoApp start() {
        return start(() -> HttpServer.create(ANY_PORT, BACKLOG));
    }

    /// The same behind TLS.
    ///
    /// @param certificateDemanded of clients
    public static EchoApp startTls(SSLContext tls, boolean certificateDemanded) {
        return start(() -> {
            var server = HttpsServer.create(ANY_PORT, BACKLOG);
            server.setHttpsConfigurator(new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                    var settings = tls.getDefaultSSLParameters();
                    settings.setNeedClientAuth(certificateDemanded);
                    parameters.setSSLParameters(settings);
                }
            });
            return server;
        });
    }

    private static EchoApp start(Callable<HttpServer> bound) {
        try {
            var server = bound.call();
            var app = new EchoApp(server);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", app::answer);
            server.start();
            return app;
        } catch (Exception e) {
            throw new IllegalStateException(e);
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
            case "field" -> {
                exchange.getResponseHeaders().set("X-Field", "y".repeat(Integer.parseInt(parts[2])));
                send(exchange, 204, new byte[0]);
            }
            case "status" -> send(exchange, Integer.parseInt(parts[2]), new byte[0]);
            case "sni" -> send(exchange, 200, serverName(exchange).getBytes(StandardCharsets.US_ASCII));
            case "sum" -> send(exchange, 200, sum(exchange).getBytes(StandardCharsets.US_ASCII));
            default -> send(exchange, 200, headers(exchange).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String serverName(HttpExchange exchange) {
        return exchange instanceof HttpsExchange tls && tls.getSSLSession() instanceof ExtendedSSLSession session
                ? session.getRequestedServerNames().toString()
                : "";
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
