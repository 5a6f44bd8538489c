package io.countersign.dataplane.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// The first line of what might be a text protocol, without the empty lines before it, which servers skip.
///
/// @param end how far it goes
/// @param word what it begins with, if that is made as a method is (RFC 9110, section 9.1); else empty
/// @param rest what stands behind the word and blanks, as far as it has come
record FirstLine(End end, String word, String rest) {
    /// Up to where a line is known.
    enum End {
        /// More of it may come.
        OPEN,
        /// It is whole.
        LINE_FEED,
        /// At what stands in no line of text.
        NO_TEXT
    }

    private static final String VERSION = "HTTP/";

    /// After these, servers take one word of any form for a target without a version (RFC 1945, section 5), or for an
    /// address (PROXY protocol, section 2.1).
    private static final Set<String> BEFORE_ANY_TARGET = Set.of("GET", "PROXY");

    /// What a method is made of, beside letters and digits (RFC 9110, section 5.6.2).
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    static FirstLine of(ByteBuf bytes) {
        var start = bytes.forEachByte(FirstLine::isBlank);
        if (start < 0) {
            return new FirstLine(End.OPEN, "", "");
        }
        var wordEnd = bytes.forEachByte(start, bytes.writerIndex() - start, FirstLine::isToken);
        if (wordEnd < 0) {
            return new FirstLine(End.OPEN, text(bytes, start, bytes.writerIndex()), "");
        }
        if (wordEnd == start || !isBlank(bytes.getByte(wordEnd))) {
            return new FirstLine(End.NO_TEXT, "", "");
        }
        var length = bytes.writerIndex() - wordEnd;
        var lineEnd = bytes.forEachByte(wordEnd, length, c -> c != '\n' && !isControl(c));
        var rest = text(bytes, wordEnd, lineEnd < 0 ? bytes.writerIndex() : lineEnd)
                .stripLeading();
        return new FirstLine(
                lineEnd < 0 ? End.OPEN : bytes.getByte(lineEnd) == '\n' ? End.LINE_FEED : End.NO_TEXT,
                text(bytes, start, wordEnd),
                rest);
    }

    /// Whether a server might take it, as far as it has come, for a request's.
    boolean isRequest() {
        return !rest.isEmpty()
                // Protocols of bytes begin with a length rather than with a verb.
                && (end != End.NO_TEXT || isVerb())
                && (rest.startsWith("/")
                        || rest.startsWith("*")
                        || rest.contains("://")
                        || BEFORE_ANY_TARGET.contains(word)
                        || AsciiString.containsIgnoreCase(rest, VERSION));
    }

    private boolean isVerb() {
        return word.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_');
    }

    private static String text(ByteBuf bytes, int from, int to) {
        return bytes.toString(from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isControl(byte c) {
        return (c >= 0 && c < ' ' && !isBlank(c)) || c == 0x7f;
    }

    private static boolean isToken(byte c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }
}
