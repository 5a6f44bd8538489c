package io.countersign.dataplane.http;

import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;

/// One end of HTTP/2 that sends the frames that a test says, right or wrong: a client over mutual TLS, as `sleep`, or
/// an application.
final class RawHttp2 implements Closeable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int INITIAL_WINDOW_SIZE = 4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int FRAME_HEADER = 9;

    private final Socket tcp;
    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

    private RawHttp2(Socket tcp, Socket socket, InputStream in) {
        this.tcp = tcp;
        this.socket = socket;
        this.in = new DataInputStream(in);
    }

    /// A frame that came.
    record Frame(int type, int stream, ByteBuffer payload) {}

    /// Connects, and sends the preface and its SETTINGS.
    ///
    /// @param settings identifiers and values in turn
    static RawHttp2 connect(TestSidecars sidecars, int... settings) {
        try {
            var tcp = new Socket();
            tcp.setReceiveBufferSize(32 * 1024);
            tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), sidecars.inboundPort()));
            tcp.setTcpNoDelay(true);
            tcp.setSoTimeout(TIMEOUT_MILLIS);
            var tls = (SSLSocket) MutualTlsForwarder.context(sidecars)
                    .getSocketFactory()
                    .createSocket(tcp, "localhost", tcp.getPort(), true);
            var parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"istio", "h2"});
            tls.setSSLParameters(parameters);
            var client = new RawHttp2(tcp, tls, new BufferedInputStream(tls.getInputStream()));
            client.unsent.writeBytes(PREFACE);
            return client.settings(settings).flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The application's end of a connection; takes the preface.
    static RawHttp2 accepted(ScriptedApp.Connection connection) throws IOException {
        var end = new RawHttp2(connection.socket(), connection.socket(), connection.in());
        end.in.skipNBytes(PREFACE.length);
        return end.settings().flush();
    }

    RawHttp2 settings(int... settings) {
        var payload = ByteBuffer.allocate(settings.length * 3);
        for (var i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    /// A frame to be sent with the next flush.
    RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
        var header = ByteBuffer.allocate(FRAME_HEADER);
        header.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        header.put((byte) type).put((byte) flags).putInt(stream);
        unsent.writeBytes(header.array());
        unsent.writeBytes(payload);
        return this;
    }

    /// A frame whose payload is one number of four bytes.
    RawHttp2 frame(int type, int stream, int number) {
        return frame(type, 0, stream, ByteBuffer.allocate(4).putInt(number).array());
    }

    /// A whole request without a body.
    RawHttp2 get(int stream, String path) {
        return frame(
                HEADERS,
                END_HEADERS | END_STREAM,
                stream,
                block(":method", "GET", ":scheme", "http", ":path", path, ":authority", "a"));
    }

    /// Says which stream was the last one taken.
    RawHttp2 goAway(int last) {
        return frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).array());
    }

    /// Answers 200, without a body.
    RawHttp2 answer(List<Integer> streams) {
        for (var stream : streams) {
            frame(HEADERS, END_HEADERS | END_STREAM, stream, block(":status", "200"));
        }
        return this;
    }

    /// Whether something can be read.
    boolean isReadable() throws IOException {
        return in.available() > 0;
    }

    RawHttp2 flush() throws IOException {
        socket.getOutputStream().write(unsent.toByteArray());
        unsent.reset();
        return this;
    }

    /// Fields as HPACK's literals without an index, which let every byte through.
    ///
    /// @param fields names and values in turn, each character a byte
    static byte[] block(String... fields) {
        var block = new ByteArrayOutputStream();
        for (var i = 0; i < fields.length; i += 2) {
            block.write(0);
            literal(block, fields[i]);
            literal(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        // A length from 127 on goes on in pieces of seven bits.
        if (text.length() < 127) {
            block.write(text.length());
        } else {
            block.write(127);
            var rest = text.length() - 127;
            for (; rest >= 128; rest >>= 7) {
                block.write((rest & 127) | 128);
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Frame read() throws IOException {
        var length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        var type = in.readUnsignedByte();
        in.readByte();
        var stream = in.readInt();
        return new Frame(type, stream, ByteBuffer.wrap(in.readNBytes(length)));
    }

    /// What comes until the connection ends, in any way but that it stays open: `status N`, `data LENGTH` and
    /// `reset CODE` of streams, `goaway CODE`.
    List<String> readToEnd() {
        var all = new ArrayList<String>();
        try {
            while (true) {
                var text = text(read());
                if (!text.isEmpty()) {
                    all.add(text);
                }
            }
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            return all;
        }
    }

    /// What a stream is answered first.
    String answer(int stream) throws IOException {
        while (true) {
            var frame = read();
            var text = text(frame);
            if ((frame.stream() == stream && !text.isEmpty()) || frame.type() == GOAWAY) {
                return text;
            }
        }
    }

    /// Without TLS's goodbye, which would wait for a write that is held up.
    @Override
    public void close() throws IOException {
        tcp.close();
    }

    private String text(Frame frame) {
        return switch (frame.type()) {
            case DATA -> "data " + frame.payload().remaining();
            case HEADERS -> {
                try {
                    var fields = headers.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
                    yield "status " + fields.status();
                } catch (Http2Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            case RST_STREAM -> "reset " + Http2Error.valueOf(frame.payload().getInt());
            case GOAWAY -> "goaway " + Http2Error.valueOf(frame.payload().getInt(4));
            default -> "";
        };
    }
}
