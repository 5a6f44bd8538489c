package io.countersign.dataplane.tcp;

import io.countersign.mesh.view.FirstBytes;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Tells by a connection's first bytes what it speaks, however they are cut. What any application might take for a
/// request of HTTP/1 is that, though our own relay refuses it then: passed on as bytes, it could carry fields of a
/// proxy's.
final class FirstBytesClassifier {
    /// A first line longer than this is no line of a text protocol, and might be a request's.
    private static final int LINE_MAX = 16 * 1024;

    private static final String HTTP_VERSION = "HTTP/";
    private static final String HTTP2_PREFACE = "PRI * HTTP/2.0";

    /// What a method is made of, beside letters and digits (RFC 9110, section 5.6.2).
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private FirstBytesClassifier() {}

    /// What the readable bytes begin; empty while more of them are needed. Moves no index.
    static Optional<Sniffed> classify(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return Optional.empty();
        }
        return bytes.getByte(bytes.readerIndex()) == ClientHello.HANDSHAKE_RECORD
                ? ClientHello.classify(bytes)
                : classifyText(bytes);
    }

    /// A request's first line is a word, blanks, and somewhere the version. Servers skip empty lines before it.
    private static Optional<Sniffed> classifyText(ByteBuf bytes) {
        var start = bytes.forEachByte(c -> isBlank(c));
        if (start < 0) {
            return tooLong(bytes);
        }
        var length = bytes.writerIndex() - start;
        var wordEnd = bytes.forEachByte(start, length, FirstBytesClassifier::isToken);
        if (wordEnd < 0) {
            return tooLong(bytes);
        }
        if (wordEnd == start || !isBlank(bytes.getByte(wordEnd))) {
            return Optional.of(Sniffed.of(FirstBytes.OTHER));
        }
        var lineEnd = bytes.indexOf(wordEnd, bytes.writerIndex(), (byte) '\n');
        if (lineEnd < 0) {
            return tooLong(bytes);
        }
        var line = bytes.toString(start, lineEnd - start, StandardCharsets.ISO_8859_1);
        if (line.startsWith(HTTP2_PREFACE)) {
            return Optional.of(Sniffed.of(FirstBytes.HTTP2));
        }
        return Optional.of(
                Sniffed.of(AsciiString.containsIgnoreCase(line, HTTP_VERSION) ? FirstBytes.HTTP1 : FirstBytes.OTHER));
    }

    private static Optional<Sniffed> tooLong(ByteBuf bytes) {
        return bytes.readableBytes() > LINE_MAX ? Optional.of(Sniffed.of(FirstBytes.HTTP1)) : Optional.empty();
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isToken(byte c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }
}
