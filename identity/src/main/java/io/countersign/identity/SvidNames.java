package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/// The names in a certificate.
public final class SvidNames {
    private static final int DNS_NAME = 2;
    private static final int URI = 6;

    private SvidNames() {}

    /// The one SPIFFE ID of a certificate; [InvalidInput] when it has no URI, several, or one that is no SPIFFE ID.
    public static SpiffeId spiffeId(X509Certificate certificate) {
        var uris = names(certificate, URI);
        if (uris.size() != 1) {
            throw InvalidInput.of("uri names in certificate", uris.size(), "1");
        }
        return SpiffeId.parse(uris.getFirst());
    }

    /// The node that a certificate was issued to: the subject's user id (RFC 4519, section 2.39), which ca-service
    /// sets. A node has no DNS name in its certificate, so that nobody takes it for a server of that name.
    public static Optional<NodeId> nodeId(X509Certificate certificate) {
        var subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        var userIds = subject.getRDNs(BCStyle.UID);
        return userIds.length == 1
                ? Optional.of(
                        new NodeId(IETFUtils.valueToString(userIds[0].getFirst().getValue())))
                : Optional.empty();
    }

    public static List<String> dnsNames(X509Certificate certificate) {
        return names(certificate, DNS_NAME);
    }

    private static List<String> names(X509Certificate certificate, int type) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return List.of();
            }
            return names.stream()
                    .filter(name -> Integer.valueOf(type).equals(name.get(0)))
                    .map(name -> (String) name.get(1))
                    .toList();
        } catch (CertificateParsingException e) {
            throw new InvalidInput("subject alternative names: unreadable");
        }
    }
}
