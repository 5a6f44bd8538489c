package io.countersign.identity;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.countersign.identity.SvidVerification.Refused;
import io.countersign.identity.SvidVerification.Valid;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.X509Authority;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Judges presented chains by one trust bundle (SPIFFE X.509-SVID, section 5; RFC 5280, section 6). Revocation is not
/// its affair. A signature costs more than the rest of a handshake: the path of a chain that was found good is not
/// looked at again, as long as all of it lasts. For any number of threads; a changed bundle takes a new verifier.
public final class SvidVerifier {
    /// A leaf and more intermediates than any mesh has; what is longer is refused unread.
    private static final int CHAIN_MAX = 8;

    /// So many good paths are remembered, some 200 bytes each; past it all are judged anew.
    private static final int REMEMBERED_MAX = 4096;

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private final TrustBundle bundle;
    private final List<X509Authority> authorities;
    private final Set<TrustAnchor> anchors;
    private final Map<ByteBuffer, GoodPath> remembered = new ConcurrentHashMap<>();

    public SvidVerifier(TrustBundle bundle) {
        this.bundle = bundle;
        // Revoked ones come first: what one of them signed is refused, whoever else has its key.
        this.authorities = bundle.authorities().stream()
                .sorted(Comparator.comparing(X509Authority::isTrusted))
                .toList();
        this.anchors = authorities.stream()
                .map(authority -> new TrustAnchor(authority.certificate(), null))
                .collect(toUnmodifiableSet());
    }

    /// Judges a chain of whatever identity in the bundle's trust domain.
    ///
    /// @param chain the leaf first, then in any order; the authority itself may be among the rest
    public SvidVerification verify(List<X509Certificate> chain, SvidUsage usage, Instant now) {
        return verify(chain, usage, now, _ -> true);
    }

    /// Judges a chain that must belong to an expected identity. It throws nothing, whatever is in the certificates.
    public SvidVerification verify(
            List<X509Certificate> chain, SvidUsage usage, Instant now, Predicate<SpiffeId> expected) {
        try {
            return judge(chain, usage, now, expected);
        } catch (RuntimeException e) {
            // Certificates of a handshake may be parsed no sooner than something is asked of them.
            return new Refused(SvidFault.BAD_CHAIN, "chain cannot be read: " + e.getMessage());
        }
    }

    private SvidVerification judge(
            List<X509Certificate> chain, SvidUsage usage, Instant now, Predicate<SpiffeId> expected) {
        if (chain.isEmpty()) {
            return new Refused(SvidFault.NO_CERTIFICATE, "no certificate was presented");
        }
        if (chain.size() > CHAIN_MAX) {
            return new Refused(
                    SvidFault.BAD_CHAIN, "chain length: " + chain.size() + " (expected: <= " + CHAIN_MAX + ")");
        }
        var digest = digest(chain);
        var known = remembered.get(digest);
        if (known != null && known.lastsAt(now)) {
            return judgeLeaf(chain.getFirst(), usage, known.authority(), expected);
        }
        var path = new ArrayList<X509Certificate>();
        var authority = pathToAuthority(chain, path);
        if (authority.isEmpty()) {
            return new Refused(SvidFault.UNKNOWN_AUTHORITY, "chain ends under no trusted authority");
        }
        var fault = judgePath(path, now).or(() -> judgeAuthority(authority.get(), now));
        if (fault.isPresent()) {
            return fault.get();
        }
        remember(digest, GoodPath.of(authority.get(), path));
        return judgeLeaf(chain.getFirst(), usage, authority.get(), expected);
    }

    /// The chain as it was presented, byte for byte.
    private static ByteBuffer digest(List<X509Certificate> chain) {
        return ByteBuffer.wrap(Sha256.of(chain.stream().map(Pem::der).toArray(byte[][]::new)));
    }

    private void remember(ByteBuffer digest, GoodPath path) {
        if (remembered.size() >= REMEMBERED_MAX) {
            remembered.clear();
        }
        remembered.put(digest, path);
    }

    /// Walks from the leaf upwards, over the presented certificates, to the first authority that signed; fills `path`
    /// with what lies below it.
    private Optional<X509Authority> pathToAuthority(List<X509Certificate> chain, List<X509Certificate> path) {
        var rest = new ArrayList<>(chain.subList(1, chain.size()));
        var current = chain.getFirst();
        while (true) {
            path.add(current);
            var lower = current;
            var authority = authorities.stream()
                    .filter(candidate -> issued(candidate.certificate(), lower))
                    .findFirst();
            if (authority.isPresent()) {
                return authority;
            }
            var next =
                    rest.stream().filter(candidate -> issued(candidate, lower)).findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            rest.remove(next.get());
            current = next.get();
        }
    }

    private static boolean issued(X509Certificate issuer, X509Certificate subject) {
        if (!issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal())) {
            return false;
        }
        try {
            subject.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private Optional<Refused> judgePath(List<X509Certificate> path, Instant now) {
        try {
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertPathChecker(new ChainStrength());
            var certificates = CertificateFactory.getInstance("X.509").generateCertPath(path);
            CertPathValidator.getInstance("PKIX").validate(certificates, parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return Optional.of(new Refused(faultOf(e.getReason()), "chain: " + e.getMessage()));
        } catch (GeneralSecurityException e) {
            return Optional.of(new Refused(SvidFault.BAD_CHAIN, "chain: " + e.getMessage()));
        }
    }

    private static SvidFault faultOf(Reason reason) {
        if (reason == BasicReason.EXPIRED) {
            return SvidFault.EXPIRED;
        }
        if (reason == BasicReason.NOT_YET_VALID) {
            return SvidFault.NOT_YET_VALID;
        }
        return SvidFault.BAD_CHAIN;
    }

    /// Path validation takes its anchors as they are (RFC 5280, 6.1); here they end like any certificate.
    private static Optional<Refused> judgeAuthority(X509Authority authority, Instant now) {
        var certificate = authority.certificate();
        if (!authority.isTrusted()) {
            return Optional.of(new Refused(SvidFault.REVOKED, "authority " + authority.id() + " is revoked"));
        }
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            return Optional.of(new Refused(SvidFault.EXPIRED, "authority " + authority.id() + " has expired"));
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            return Optional.of(
                    new Refused(SvidFault.NOT_YET_VALID, "authority " + authority.id() + " is not yet valid"));
        }
        return ChainStrength.weakKey(certificate.getPublicKey())
                .map(weakness -> new Refused(SvidFault.BAD_CHAIN, "authority " + authority.id() + ": " + weakness));
    }

    private SvidVerification judgeLeaf(
            X509Certificate leaf, SvidUsage usage, X509Authority authority, Predicate<SpiffeId> expected) {
        return judgeUsage(leaf, usage)
                .<SvidVerification>map(refused -> refused)
                .orElseGet(() -> judgeIdentity(leaf, authority, expected));
    }

    private static Optional<Refused> judgeUsage(X509Certificate leaf, SvidUsage usage) {
        if (leaf.getBasicConstraints() >= 0) {
            return Optional.of(new Refused(SvidFault.WRONG_USAGE, "leaf is a certificate authority"));
        }
        var keyUsage = leaf.getKeyUsage();
        if (keyUsage == null || !keyUsage[DIGITAL_SIGNATURE] || keyUsage[KEY_CERT_SIGN] || keyUsage[CRL_SIGN]) {
            return Optional.of(new Refused(SvidFault.WRONG_USAGE, "leaf's key usage is not that of an svid"));
        }
        try {
            var extended = leaf.getExtendedKeyUsage();
            if (extended != null && !new HashSet<>(extended).contains(usage.oid())) {
                return Optional.of(new Refused(SvidFault.WRONG_USAGE, "leaf is not for the " + usage + " side"));
            }
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of(new Refused(SvidFault.WRONG_USAGE, "leaf's extended key usage is unreadable"));
        }
    }

    private SvidVerification judgeIdentity(
            X509Certificate leaf, X509Authority authority, Predicate<SpiffeId> expected) {
        SpiffeId spiffeId;
        try {
            spiffeId = SvidNames.spiffeId(leaf);
        } catch (InvalidInput e) {
            return new Refused(SvidFault.NOT_AN_SVID, "leaf: " + e.getMessage());
        }
        if (spiffeId.path().isEmpty()) {
            return new Refused(SvidFault.NOT_AN_SVID, "leaf names a trust domain: " + spiffeId);
        }
        if (!spiffeId.trustDomain().equals(bundle.trustDomain())) {
            return new Refused(SvidFault.NOT_AN_SVID, "leaf is of another trust domain: " + spiffeId);
        }
        if (!expected.test(spiffeId)) {
            return new Refused(SvidFault.WRONG_IDENTITY, "peer is " + spiffeId);
        }
        return new Valid(spiffeId, authority);
    }

    /// A path that was found good, from the begin of the last to begin to the end of the first to end.
    private record GoodPath(X509Authority authority, Instant from, Instant until) {
        static GoodPath of(X509Authority authority, List<X509Certificate> path) {
            var all = Stream.concat(path.stream(), Stream.of(authority.certificate()))
                    .toList();
            return new GoodPath(
                    authority,
                    all.stream()
                            .map(certificate -> certificate.getNotBefore().toInstant())
                            .max(Comparator.naturalOrder())
                            .orElseThrow(),
                    all.stream()
                            .map(certificate -> certificate.getNotAfter().toInstant())
                            .min(Comparator.naturalOrder())
                            .orElseThrow());
        }

        boolean lastsAt(Instant now) {
            return !now.isBefore(from) && !now.isAfter(until);
        }
    }
}
