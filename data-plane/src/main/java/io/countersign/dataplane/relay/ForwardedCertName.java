package io.countersign.dataplane.relay;

/// The name `X-Forwarded-Client-Cert` in every spelling that an application may take for it: servers that hand fields
/// on as variables (CGI, RFC 3875, section 4.1.18, and its likes) cannot tell what differs in case, or in a byte that
/// is neither letter nor digit.
public final class ForwardedCertName {
    private static final String LETTERS = "x forwarded client cert";

    private ForwardedCertName() {}

    /// Whether a field's name is one of them.
    public static boolean is(CharSequence name) {
        var matched = 0;
        for (var i = 0; i < name.length() && matched == i && i < LETTERS.length(); i++) {
            matched = next(matched, (byte) name.charAt(i));
        }
        return matched == name.length() && isWhole(matched);
    }

    /// How much of the name the bytes so far end with, after one more. Its first letter stands in it once, so nothing
    /// that was read has to be read again.
    ///
    /// @param matched how much of it was there before
    public static int next(int matched, byte b) {
        if (!isWhole(matched) && fits(LETTERS.charAt(matched), b)) {
            return matched + 1;
        }
        return fits(LETTERS.charAt(0), b) ? 1 : 0;
    }

    /// Whether that much is all of it.
    public static boolean isWhole(int matched) {
        return matched == LETTERS.length();
    }

    private static boolean fits(char expected, byte b) {
        var isLetter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
        return expected == ' ' ? !isLetter && (b < '0' || b > '9') : isLetter && (b | 0x20) == expected;
    }
}
