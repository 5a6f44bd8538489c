package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// What stands for a trust domain's authorities in a join token: SHA-256 over their DER, sorted bytewise and
/// concatenated.
///
/// @param hex 64 lower-case hexadecimal digits
public record RootsHash(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public RootsHash {
        if (!HEX.matcher(hex).matches()) {
            throw new InvalidInput("roots hash: not 64 lower-case hexadecimal digits");
        }
    }

    public static RootsHash of(Collection<X509Certificate> authorities) {
        var sorted = authorities.stream().map(Pem::der).sorted(Arrays::compareUnsigned);
        return new RootsHash(HexFormat.of().formatHex(Sha256.of(sorted.toArray(byte[][]::new))));
    }
}
