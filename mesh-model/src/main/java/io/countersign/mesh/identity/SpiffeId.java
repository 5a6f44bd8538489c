package io.countersign.mesh.identity;

import io.countersign.mesh.InvalidInput;
import java.util.regex.Pattern;

/// `spiffe://<trust domain>/<path>` (SPIFFE-ID, section 2), parsed once at the edge.
///
/// @param trustDomain the domain that vouches for the identity
/// @param path begins with `/`, has no empty, `.` or `..` segment and does not end with `/`; empty for the domain
/// itself
public record SpiffeId(TrustDomain trustDomain, String path) implements Comparable<SpiffeId> {
    private static final String SCHEME = "spiffe://";
    private static final Pattern SEGMENTS = Pattern.compile("(/[A-Za-z0-9._-]+)*");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?:.*/)\\.{1,2}(?:/.*)?");

    /// The specification's limit for a whole SPIFFE ID.
    private static final int BYTES_MAX = 2048;

    public SpiffeId {
        if (!SEGMENTS.matcher(path).matches() || DOT_SEGMENT.matcher(path).matches()) {
            throw InvalidInput.of("spiffe id path", path, "segments of A-Z a-z 0-9 . - _, none of them . or ..");
        }
        if (SCHEME.length() + trustDomain.name().length() + path.length() > BYTES_MAX) {
            throw InvalidInput.of("spiffe id length", path.length(), "at most " + BYTES_MAX + " in all");
        }
    }

    /// Parses an identity as it stands in a certificate's URI SAN; [InvalidInput] when it is none.
    public static SpiffeId parse(String uri) {
        if (!uri.startsWith(SCHEME)) {
            throw InvalidInput.of("spiffe id", uri, SCHEME + "<trust domain>/<path>");
        }
        var rest = uri.substring(SCHEME.length());
        var slash = rest.indexOf('/');
        return slash < 0
                ? new SpiffeId(new TrustDomain(rest), "")
                : new SpiffeId(new TrustDomain(rest.substring(0, slash)), rest.substring(slash));
    }

    /// Istio's form for workloads: `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`.
    public static SpiffeId ofServiceAccount(TrustDomain trustDomain, String namespace, String serviceAccount) {
        return new SpiffeId(trustDomain, "/ns/" + namespace + "/sa/" + serviceAccount);
    }

    @Override
    public int compareTo(SpiffeId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return SCHEME + trustDomain.name() + path;
    }
}
