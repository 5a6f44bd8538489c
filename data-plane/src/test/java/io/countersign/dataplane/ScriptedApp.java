package io.countersign.dataplane;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// An application that does on each connection exactly what a test says, also what no application should.
public final class ScriptedApp implements Closeable {
    /// What to do on one connection.
    public interface Script {
        void run(Connection connection, int number) throws IOException;
    }

    private final ServerSocket server;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private ScriptedApp(ServerSocket server) {
        this.server = server;
    }

    /// Accepts until it is closed.
    ///
    /// @param script gets each connection with its number, from 1
    public static ScriptedApp start(Script script) {
        try {
            var app = new ScriptedApp(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(() -> app.accept(script));
            return app;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public int connections() {
        return accepted.get();
    }

    public int open() {
        return open.size();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(Script script) {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                var number = accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> run(script, socket, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void run(Script script, Socket socket, int number) {
        try (socket) {
            script.run(new Connection(socket, new BufferedInputStream(socket.getInputStream())), number);
        } catch (IOException e) {
            // The proxy may close whenever it likes.
        } finally {
            open.remove(socket);
        }
    }

    /// One accepted connection.
    public record Connection(Socket socket, InputStream in) {
        /// Reads a request's line and header, up to the empty line; empty at the end of the stream.
        public String readHead() throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                var b = in.read();
                if (b < 0) {
                    return "";
                }
                head.append((char) b);
            }
            return head.toString();
        }

        public void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }
    }
}
