package io.countersign.mesh.identity;

import io.countersign.mesh.InvalidInput;
import java.util.regex.Pattern;

/// One root of trust and its administration (SPIFFE-ID, section 2.1).
///
/// @param name lower-case letters, digits, `.`, `-` and `_`; at most 255 characters
public record TrustDomain(String name) implements Comparable<TrustDomain> {
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,255}");

    public TrustDomain {
        if (!NAME.matcher(name).matches()) {
            throw InvalidInput.of("trust domain", name, "1 to 255 of a-z 0-9 . - _");
        }
    }

    @Override
    public int compareTo(TrustDomain other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
