package io.countersign.mesh.identity;

import io.countersign.mesh.InvalidInput;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a revocation withdraws, and its key on the bus: `serial/<number>`, `identity/<SPIFFE ID>` or `authority/<id>`.
///
/// @param name a certificate's serial number in lower-case hexadecimal without leading zeros, a SPIFFE ID, or the id of
///     an X.509 authority: one spelling for each thing, so that a revocation is never missed
public record RevocationKey(Kind kind, String name) {
    /// The kinds of things that can be withdrawn.
    public enum Kind {
        SERIAL,
        IDENTITY,
        AUTHORITY;

        private final String word = name().toLowerCase(Locale.ROOT);
    }

    /// RFC 5280, section 4.1.2.2: at most 20 octets.
    private static final Pattern SERIAL = Pattern.compile("0|[1-9a-f][0-9a-f]{0,39}");

    public RevocationKey {
        var readable = switch (kind) {
            case SERIAL -> SERIAL.matcher(name).matches();
            case IDENTITY -> SpiffeId.parse(name).toString().equals(name);
            case AUTHORITY -> !name.isEmpty();
        };
        if (!readable) {
            throw InvalidInput.of("revocation key", kind.word + "/" + name, "a serial number, SPIFFE ID or authority");
        }
    }

    public static RevocationKey serial(String serial) {
        return new RevocationKey(Kind.SERIAL, serial);
    }

    public static RevocationKey identity(SpiffeId id) {
        return new RevocationKey(Kind.IDENTITY, id.toString());
    }

    public static RevocationKey authority(String id) {
        return new RevocationKey(Kind.AUTHORITY, id);
    }

    /// Reads a key from the bus. Empty for a kind that this version does not use; [InvalidInput] for what is no key.
    public static Optional<RevocationKey> parse(String key) {
        var slash = key.indexOf('/');
        if (slash < 0) {
            throw InvalidInput.of("revocation key", key, "kind/name");
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.word.equals(key.substring(0, slash)))
                .findFirst()
                .map(kind -> new RevocationKey(kind, key.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return kind.word + "/" + name;
    }
}
