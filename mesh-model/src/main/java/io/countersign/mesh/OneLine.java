package io.countersign.mesh;

import static java.util.stream.Collectors.joining;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Text of strangers, made fit for a log or a terminal: it stays on its line, and commands no terminal.
public final class OneLine {
    /// Control characters, line and paragraph separators, what is not seen or turns the direction of writing (UTR 36,
    /// section 3), and halves of characters.
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private OneLine() {}

    /// The text with all that is unfit escaped as in Java, by a backslash, u and four digits. A backslash stays one:
    /// who writes such an escape himself is shown as he wrote it.
    public static String of(String text) {
        return isPlain(text) ? text : UNFIT.matcher(text).replaceAll(OneLine::escape);
    }

    /// The same for a text of ours that has several lines; each line stays one.
    public static String ofEach(String text) {
        return text.lines().map(OneLine::of).collect(joining("\n"));
    }

    /// What nearly every text is; an access log has thousands each second.
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String escape(MatchResult found) {
        // Two backslashes are one in a replacement.
        return found.group().chars().mapToObj("\\\\u%04x"::formatted).collect(joining());
    }
}
