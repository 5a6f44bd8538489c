package io.countersign.dataplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/// An application that does with every connection what a test says. The outcome of the last one can be waited for.
public final class RawApp implements AutoCloseable {
    /// What is done with a connection; it is closed afterwards.
    @FunctionalInterface
    public interface Script<T> {
        T serve(Socket socket) throws Exception;
    }

    private static final int BACKLOG = 64;

    private final ServerSocket server;

    private RawApp(ServerSocket server) {
        this.server = server;
    }

    public static RawApp start() {
        try {
            return new RawApp(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Accepts one connection after another from now on; the outcome of the first that has one.
    public <T> CompletableFuture<T> serving(Script<T> script) {
        var outcome = new CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket, script, outcome));
                } catch (IOException e) {
                    outcome.completeExceptionally(e);
                }
            }
        });
        return outcome;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> void serve(Socket socket, Script<T> script, CompletableFuture<T> outcome) {
        try (socket) {
            outcome.complete(script.serve(socket));
        } catch (Exception e) {
            outcome.completeExceptionally(e);
        }
    }
}
