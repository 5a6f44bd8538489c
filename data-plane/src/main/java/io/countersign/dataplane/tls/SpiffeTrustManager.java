package io.countersign.dataplane.tls;

import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_REJECTED;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_REVOKED;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_INVALID_PURPOSE;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;

import io.countersign.identity.SvidFault;
import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerification.Refused;
import io.countersign.identity.SvidVerification.Valid;
import io.countersign.identity.SvidVerifier;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.X509Authority;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;

/// Verifies X.509-SVIDs (X.509-SVID, section 5) under one trust bundle, and that they are not withdrawn. It knows no
/// host names: a server is who the client expects, a client is anybody of the trust domain.
///
/// A resumed session is judged as a new one is, before a byte of it is relayed. BoringSSL has finished the handshake by
/// then: the peer sees its connection closed, and no alert.
///
/// Every other refusal is an [OpenSslCertificateException] with a code, because BoringSSL makes alert 80 (internal
/// error) of any other. It must reach Netty unwrapped.
final class SpiffeTrustManager extends EngineTrustManager implements ResumableX509ExtendedTrustManager {
    private final SvidVerifier verifier;
    private final Predicate<SpiffeId> peer;
    private final SvidUsage usage;
    private final HandshakeRules rules;
    private final AtomicReference<Instant> firstEnd = new AtomicReference<>(Instant.MAX);

    private SpiffeTrustManager(SvidVerifier verifier, SvidUsage usage, Predicate<SpiffeId> peer, HandshakeRules rules) {
        this.verifier = verifier;
        this.usage = usage;
        this.peer = peer;
        this.rules = rules;
    }

    /// For a server: lets in these clients of the trust domain and no other.
    static SpiffeTrustManager ofServer(SvidVerifier verifier, Predicate<SpiffeId> clients, HandshakeRules rules) {
        return new SpiffeTrustManager(verifier, SvidUsage.CLIENT, clients, rules);
    }

    /// For a client: accepts these servers and no other.
    static SpiffeTrustManager ofClient(SvidVerifier verifier, Set<SpiffeId> servers, HandshakeRules rules) {
        return new SpiffeTrustManager(verifier, SvidUsage.SERVER, servers::contains, rules);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        verify(chain, SvidUsage.CLIENT, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        verify(chain, SvidUsage.SERVER, engine);
    }

    @Override
    public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        verify(chain, SvidUsage.CLIENT, engine);
    }

    @Override
    public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        verify(chain, SvidUsage.SERVER, engine);
    }

    /// When the first of the certificates ends that were found good.
    Instant firstEnd() {
        return firstEnd.get();
    }

    private void verify(X509Certificate[] chain, SvidUsage asked, SSLEngine engine) throws CertificateException {
        if (asked != usage) {
            throw new IllegalStateException("certificates of " + asked + " are not verified here");
        }
        switch (verifier.verify(List.of(chain), usage, rules.clock().instant(), peer)) {
            case Valid(var id, var authority) -> {
                var found = identity(chain[0], id, authority);
                var fault = rules.withdrawals().get().fault(found);
                if (fault.isPresent()) {
                    throw refusal(fault.get(), "certificate " + found.serial() + " of " + id + " is withdrawn");
                }
                firstEnd.accumulateAndGet(found.notAfter(), (one, other) -> one.isBefore(other) ? one : other);
                found.keepWith(engine);
            }
            case Refused(var fault, var detail) -> throw refusal(fault, detail);
        }
    }

    private static PeerIdentity identity(X509Certificate leaf, SpiffeId id, X509Authority authority)
            throws CertificateException {
        try {
            return PeerIdentity.of(leaf, id, authority);
        } catch (InvalidInput e) {
            throw refusal(SvidFault.BAD_CHAIN, "certificate of " + id + ": " + e.getMessage());
        }
    }

    private static CertificateException refusal(SvidFault fault, String detail) {
        var code = switch (fault) {
            case UNKNOWN_AUTHORITY -> X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
            case EXPIRED -> X509_V_ERR_CERT_HAS_EXPIRED;
            case NOT_YET_VALID -> X509_V_ERR_CERT_NOT_YET_VALID;
            case REVOKED -> X509_V_ERR_CERT_REVOKED;
            case WRONG_USAGE -> X509_V_ERR_INVALID_PURPOSE;
            case NO_CERTIFICATE, BAD_CHAIN, NOT_AN_SVID, WRONG_IDENTITY -> X509_V_ERR_CERT_REJECTED;
        };
        return new OpenSslCertificateException(detail, code);
    }
}
