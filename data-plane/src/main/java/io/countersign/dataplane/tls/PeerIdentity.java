package io.countersign.dataplane.tls;

import io.countersign.identity.SvidNames;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Who is on the other end of a connection whose certificate was verified.
///
/// @param id the leaf's SPIFFE ID
/// @param leafHash SHA-256 of the leaf's DER encoding in lower-case hexadecimal
/// @param subject the leaf's subject in the form of RFC 2253; empty when it has none
public record PeerIdentity(SpiffeId id, String leafHash, String subject) {
    /// The verified peer of a finished handshake; empty when the engine has none.
    public static Optional<PeerIdentity> of(SSLEngine engine) {
        try {
            var chain = engine.getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf
                    ? spiffeId(leaf)
                            .map(id -> new PeerIdentity(
                                    id,
                                    hash(leaf),
                                    leaf.getSubjectX500Principal().getName()))
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /// The SPIFFE ID of an X.509-SVID: its one URI SAN (X.509-SVID, section 2); empty when it has none, several or
    /// another URI.
    static Optional<SpiffeId> spiffeId(X509Certificate leaf) {
        try {
            return Optional.of(SvidNames.spiffeId(leaf));
        } catch (InvalidInput e) {
            return Optional.empty();
        }
    }

    private static String hash(X509Certificate leaf) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }
}
