package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import java.util.regex.Pattern;

/// What lets a new node ask for its first SVID, and tells it whom to believe: `SECRET.ROOTSHASH`.
///
/// @param secret known to ca-service by its hash only
/// @param rootsHash the authorities under which ca-service's own certificate must stand
public record JoinToken(String secret, RootsHash rootsHash) {
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{16,256}");

    public JoinToken {
        if (!SECRET.matcher(secret).matches()) {
            throw new InvalidInput("join token: no secret of base64url characters before the dot");
        }
    }

    /// Parses a token, with blanks round it; [InvalidInput] without any of it when it is none.
    public static JoinToken parse(String text) {
        var token = text.strip();
        var dot = token.indexOf('.');
        if (dot < 0) {
            throw new InvalidInput("join token: no dot (expected: <secret>.<roots hash>)");
        }
        return new JoinToken(token.substring(0, dot), new RootsHash(token.substring(dot + 1)));
    }

    /// The token as it is handed out and sent back.
    public String text() {
        return secret + "." + rootsHash.hex();
    }

    @Override
    public String toString() {
        return "JoinToken[" + rootsHash.hex() + "]";
    }
}
