package io.countersign.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/// An HTTP/1.1 server that gives every request to one function. Every body that it reads is bounded.
record WebServer(HttpServer server) implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final int MAX_BODY_BYTES = 1 << 20;

    /// What a program is: from a request and its body to the answer.
    interface Program {
        Answer answer(HttpExchange exchange, byte[] body);
    }

    /// Runs a program until the process is ended.
    static void run(String name, String address, String port, Program program) throws IOException {
        var server = start(address, Integer.parseInt(port), program);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println(name + ": listening on " + address + ":" + server.port());
    }

    /// Starts on the address; port 0 takes a free one.
    static WebServer start(String address, int port, Program program) throws IOException {
        // Read by the server's class when it is first used: answers are small, waiting for more to send costs 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
        var server = HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
                var answer = body.length > MAX_BODY_BYTES ? Answer.empty(413) : program.answer(exchange, body);
                answer.send(exchange);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return new WebServer(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
