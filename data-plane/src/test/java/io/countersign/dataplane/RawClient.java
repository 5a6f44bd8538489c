package io.countersign.dataplane;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A client that sends what a test says and retries nothing: a failure is seen at the socket.
public final class RawClient implements Closeable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    public RawClient(int port) {
        this(InetAddress.getLoopbackAddress().getHostAddress(), port);
    }

    /// @param from the local address, of those of the loopback
    public RawClient(String from, int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One exchange on a connection of its own; the whole answer until the server closes.
    public static String exchange(int port, String request) {
        try (var client = new RawClient(port)) {
            client.send(request);
            return client.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    public InputStream in() {
        return in;
    }

    public Socket socket() {
        return socket;
    }

    /// Reads one response whose body has a length or is chunked; throws at a connection that ends before.
    public String readResponse() throws IOException {
        var head = readHead();
        var lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("transfer-encoding: chunked")) {
            return head + readChunks();
        }
        var at = lower.indexOf("content-length: ");
        if (at < 0) {
            return head;
        }
        var length = Integer.parseInt(lower.substring(at + "content-length: ".length(), lower.indexOf("\r\n", at)));
        return head + new String(readFully(length), StandardCharsets.ISO_8859_1);
    }

    public String readHead() throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) readByte());
        }
        return head.toString();
    }

    public String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String readChunks() throws IOException {
        var body = new StringBuilder();
        while (true) {
            var size = Integer.parseInt(readLine().split(";", 2)[0], 16);
            if (size == 0) {
                for (var trailer = readLine(); !trailer.isEmpty(); trailer = readLine()) {
                    body.append('[').append(trailer).append(']');
                }
                return body.toString();
            }
            body.append(new String(readFully(size), StandardCharsets.ISO_8859_1));
            readLine();
        }
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = readByte(); b != '\n'; b = readByte()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private byte[] readFully(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("connection ended in a body");
        }
        return bytes;
    }

    private int readByte() throws IOException {
        var b = in.read();
        if (b < 0) {
            throw new IOException("connection ended");
        }
        return b;
    }
}
