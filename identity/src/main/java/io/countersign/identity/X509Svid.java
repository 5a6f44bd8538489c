package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.SpiffeId;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// Chain and key that prove one SPIFFE ID (SPIFFE X.509-SVID, section 2). The key belongs to the leaf, and the leaf
/// names exactly that identity; whether anybody trusts the chain is for [SvidVerifier].
///
/// @param chain the leaf, then what is presented with it
/// @param privateKey never leaves the process but into its own files
public record X509Svid(List<X509Certificate> chain, PrivateKey privateKey, SpiffeId spiffeId) {
    public X509Svid {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new InvalidInput("svid chain: empty (expected: a leaf)");
        }
        var named = SvidNames.spiffeId(chain.getFirst());
        if (!named.equals(spiffeId)) {
            throw InvalidInput.of("svid identity", named, spiffeId.toString());
        }
        if (!SvidKeys.match(chain.getFirst().getPublicKey(), privateKey)) {
            throw new InvalidInput("svid key: not the leaf's");
        }
    }

    /// An SVID of whatever identity its leaf names; [InvalidInput] when it names none or the key is another's.
    public static X509Svid of(List<X509Certificate> chain, PrivateKey privateKey) {
        if (chain.isEmpty()) {
            throw new InvalidInput("svid chain: empty (expected: a leaf)");
        }
        return new X509Svid(chain, privateKey, SvidNames.spiffeId(chain.getFirst()));
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public BigInteger serial() {
        return leaf().getSerialNumber();
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /// The serial number as it stands in reports, logs and ca-service's answers: lower-case hexadecimal digits.
    public String serialHex() {
        return serial().toString(16);
    }

    @Override
    public String toString() {
        return "X509Svid[" + spiffeId + ", serial=" + serialHex() + ", notAfter=" + notAfter() + "]";
    }
}
