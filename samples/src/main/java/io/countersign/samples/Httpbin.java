package io.countersign.samples;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/// `httpbin`: an HTTP/1.1 server that answers with what it was asked, for trying a mesh.
///
/// Paths: `/headers`, `/get`, `/post`, `/status/{code}`, `/delay/{seconds}`, `/bytes/{n}`.
public final class Httpbin implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final HttpServer server;

    private Httpbin(HttpServer server) {
        this.server = server;
    }

    /// Usage: `httpbin ADDRESS PORT`.
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: httpbin ADDRESS PORT");
            System.exit(2);
        }
        var httpbin = start(args[0], Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(httpbin::close));
        System.out.println("httpbin: listening on " + args[0] + ":" + httpbin.port());
    }

    /// Starts on the address; port 0 takes a free one.
    static Httpbin start(String address, int port) throws IOException {
        // Read by the server's class when it is first used: answers are small, waiting for more to send costs 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
        var server = HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
        server.createContext("/", new Answers());
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return new Httpbin(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
