package io.countersign.dataplane.inbound;

import io.countersign.mesh.view.FirstBytes;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Tells by a connection's first bytes what it speaks, however they are cut.
final class FirstBytesClassifier {
    /// Longer than every registered method; RFC 9110 has no limit of its own.
    private static final int METHOD_MAX = 24;

    private static final byte[] HTTP2_PREFACE = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);

    private FirstBytesClassifier() {}

    /// What the readable bytes begin; empty while more of them are needed. Moves no index.
    static Optional<FirstBytes> classify(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return Optional.empty();
        }
        return bytes.getByte(bytes.readerIndex()) == ClientHello.HANDSHAKE_RECORD
                ? ClientHello.classify(bytes)
                : classifyText(bytes);
    }

    /// HTTP/1.x begins with a method, which is a word of upper-case letters by every registration, and a space.
    private static Optional<FirstBytes> classifyText(ByteBuf bytes) {
        var readable = bytes.readableBytes();
        for (var i = 0; i < Math.min(readable, METHOD_MAX + 1); i++) {
            var c = bytes.getByte(bytes.readerIndex() + i);
            if (c == ' ' && i > 0) {
                return afterMethod(bytes, i);
            }
            if ((c < 'A' || c > 'Z') && (c != '-' || i == 0)) {
                return Optional.of(FirstBytes.OTHER);
            }
        }
        return readable > METHOD_MAX ? Optional.of(FirstBytes.OTHER) : Optional.empty();
    }

    /// HTTP/2's preface is made to look like a request (RFC 9113, section 3.4).
    private static Optional<FirstBytes> afterMethod(ByteBuf bytes, int methodLength) {
        if (methodLength != 3 || bytes.getByte(bytes.readerIndex()) != 'P') {
            return Optional.of(FirstBytes.HTTP1);
        }
        for (var i = 0; i < HTTP2_PREFACE.length; i++) {
            if (i >= bytes.readableBytes()) {
                return Optional.empty();
            }
            if (bytes.getByte(bytes.readerIndex() + i) != HTTP2_PREFACE[i]) {
                return Optional.of(FirstBytes.HTTP1);
            }
        }
        return Optional.of(FirstBytes.OTHER);
    }
}
