package io.countersign.dataplane.tcp;

import io.countersign.mesh.view.FirstBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Tells by a connection's first bytes what it speaks, however they are cut. What a server might take for a request of
/// HTTP/1 is that, though our own relay refuses it then: passed on as bytes, it could carry fields of a proxy's.
/// Decision 26 says where the border lies, and why there.
final class FirstBytesClassifier {
    /// A first line longer than this is no line of a text protocol, and might be a request's.
    private static final int LINE_MAX = 16 * 1024;

    private static final String HTTP2_METHOD = "PRI";
    private static final String HTTP2_REST = "* HTTP/2.0";

    /// How a proxy begins to tell its client's address in binary form (PROXY protocol, section 2.2). Nobody tells us.
    private static final ByteBuf PROXY_SIGNATURE =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n\0\r\nQUIT\n", StandardCharsets.US_ASCII));

    /// As much of it is empty lines, which may stand before a request, too.
    private static final int EMPTY_LINES = 4;

    private FirstBytesClassifier() {}

    /// What the readable bytes begin; empty while more of them are needed. Moves no index.
    static Optional<Sniffed> classify(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return Optional.empty();
        }
        if (isTls(bytes)) {
            return ClientHello.classify(bytes);
        }
        var line = FirstLine.of(bytes);
        return switch (line.end()) {
            case OPEN -> openFor(bytes, LINE_MAX);
            case NO_TEXT ->
                isProxyHeader(bytes)
                        ? openFor(bytes, PROXY_SIGNATURE.readableBytes() - 1)
                        : Optional.of(Sniffed.of(line.isRequest() ? FirstBytes.HTTP1 : FirstBytes.OTHER));
            case LINE_FEED -> {
                if (line.word().equals(HTTP2_METHOD) && line.rest().startsWith(HTTP2_REST)) {
                    yield Optional.of(Sniffed.of(FirstBytes.HTTP2));
                }
                yield Optional.of(Sniffed.of(line.isRequest() ? FirstBytes.HTTP1 : FirstBytes.OTHER));
            }
        };
    }

    /// What becomes of bytes that are still open when time is up: those that have begun neither a request nor a
    /// handshake are some other protocol's.
    static Sniffed whenTimeIsUp(ByteBuf bytes) {
        var began = isTls(bytes) || isProxyHeader(bytes) || FirstLine.of(bytes).isRequest();
        return Sniffed.of(began ? FirstBytes.SILENT : FirstBytes.OTHER);
    }

    private static Optional<Sniffed> openFor(ByteBuf bytes, int length) {
        return bytes.readableBytes() > length ? Optional.of(Sniffed.of(FirstBytes.HTTP1)) : Optional.empty();
    }

    private static boolean isTls(ByteBuf bytes) {
        return bytes.getByte(bytes.readerIndex()) == ClientHello.HANDSHAKE_RECORD;
    }

    private static boolean isProxyHeader(ByteBuf bytes) {
        var length = Math.min(bytes.readableBytes(), PROXY_SIGNATURE.readableBytes());
        return length > EMPTY_LINES && ByteBufUtil.equals(bytes, bytes.readerIndex(), PROXY_SIGNATURE, 0, length);
    }
}
