package io.countersign.dataplane.tls;

import io.countersign.identity.Pem;
import io.countersign.identity.Sha256;
import io.countersign.identity.SvidNames;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.X509Authority;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/// Who is on the other end of a connection, as the trust manager found it: of each handshake anew, a resumed one too.
///
/// @param id the leaf's SPIFFE ID
/// @param serial the leaf's serial number in lower-case hexadecimal
/// @param authority the id of the authority under which the chain stands
/// @param notBefore when the leaf begins
/// @param notAfter when the leaf ends
/// @param leafHash SHA-256 of the leaf's DER encoding in lower-case hexadecimal
/// @param subject the leaf's subject in the form of RFC 2253; empty when it has none
/// @param dnsNames the leaf's DNS names, most often none
public record PeerIdentity(
        SpiffeId id,
        String serial,
        String authority,
        Instant notBefore,
        Instant notAfter,
        String leafHash,
        String subject,
        List<String> dnsNames) {
    private static final String KEY = PeerIdentity.class.getName();

    public PeerIdentity {
        dnsNames = List.copyOf(dnsNames);
    }

    /// The verified peer of a finished handshake; empty when the engine has none, or one that is no SVID's.
    public static Optional<PeerIdentity> of(SSLEngine engine) {
        return engine.getSession().getValue(KEY) instanceof PeerIdentity peer ? Optional.of(peer) : Optional.empty();
    }

    static PeerIdentity of(X509Certificate leaf, SpiffeId id, X509Authority authority) {
        return new PeerIdentity(
                id,
                leaf.getSerialNumber().toString(16),
                authority.id(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                HexFormat.of().formatHex(Sha256.of(Pem.der(leaf))),
                leaf.getSubjectX500Principal().getName(),
                SvidNames.dnsNames(leaf));
    }

    /// Leaves it with the handshake that it was found in.
    void keepWith(SSLEngine engine) {
        engine.getSession().putValue(KEY, this);
    }
}
