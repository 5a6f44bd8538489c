package io.countersign.ca.issuance;

import io.countersign.ca.ErrorCode;
import io.countersign.ca.Registration;
import io.countersign.ca.attestation.PresentedSvids;
import io.countersign.ca.issuance.SvidIssuer.Ground;
import io.countersign.ca.jointoken.JoinTokens;
import io.countersign.controlplane.RequestRefused;
import io.countersign.identity.JoinToken;
import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerification;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.security.cert.X509Certificate;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides whether a request is granted, and has it signed in the same transaction: a token is spent if, and only if,
/// its SVID is recorded.
@Singleton
class SvidAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(SvidAdmission.class);

    private final JoinTokens tokens;
    private final PresentedSvids presented;
    private final IssuedSvidRepository issued;
    private final SvidIssuer issuer;

    SvidAdmission(JoinTokens tokens, PresentedSvids presented, IssuedSvidRepository issued, SvidIssuer issuer) {
        this.tokens = tokens;
        this.presented = presented;
        this.issued = issued;
        this.issuer = issuer;
    }

    /// A first SVID against a join token.
    @Transactional
    X509Certificate join(JoinToken token, CertificateRequest request) {
        var registration = tokens.spend(token, request.publicKey());
        requireIdentity(request, registration.spiffeId());
        return issuer.issue(registration, request.publicKey(), Ground.JOIN_TOKEN);
    }

    /// The next SVID for whoever holds the present one.
    ///
    /// @param chain as it was shown in the handshake; empty for none
    @Transactional
    X509Certificate renew(List<X509Certificate> chain, CertificateRequest request) {
        if (chain.isEmpty()) {
            throw new RequestRefused(
                    ErrorCode.UNAUTHENTICATED,
                    "credential: none (expected: joinToken, or a present svid over mutual tls)");
        }
        var leaf = chain.getFirst();
        var expired = presented.isExpired(leaf);
        return switch (presented.judge(chain, SvidUsage.CLIENT)) {
            case SvidVerification.Refused refused ->
                throw new RequestRefused(ErrorCode.SVID_REFUSED, "presented svid: " + refused.detail());
            case SvidVerification.Valid valid -> {
                var spiffeId = valid.spiffeId();
                requireIdentity(request, spiffeId);
                if (expired) {
                    requireSameKey(leaf, request);
                }
                var ground = expired ? Ground.EXPIRED_RENEWAL : Ground.RENEWAL;
                yield issuer.issue(recorded(leaf, spiffeId), request.publicKey(), ground);
            }
        };
    }

    private Registration recorded(X509Certificate leaf, SpiffeId spiffeId) {
        var entity = issued.findById(leaf.getSerialNumber().toString(16));
        if (entity == null || !entity.spiffeId.equals(spiffeId.toString())) {
            throw new RequestRefused(ErrorCode.SVID_REFUSED, "presented svid: not issued here");
        }
        if (entity.revokedAt != null) {
            throw new RequestRefused(ErrorCode.SVID_REFUSED, "presented svid: revoked");
        }
        return new Registration(spiffeId, new NodeId(entity.nodeId), entity.dnsNames);
    }

    private static void requireSameKey(X509Certificate leaf, CertificateRequest request) {
        if (!leaf.getPublicKey().equals(request.publicKey())) {
            throw new RequestRefused(ErrorCode.SVID_REFUSED, "presented svid: expired, renews with its own key only");
        }
        LOG.atWarn()
                .addKeyValue("serial", leaf.getSerialNumber().toString(16))
                .addKeyValue("notAfter", leaf.getNotAfter().toInstant())
                .log("expired svid renews within its grace");
    }

    private static void requireIdentity(CertificateRequest request, SpiffeId expected) {
        request.spiffeId().filter(named -> !named.equals(expected)).ifPresent(named -> {
            throw new RequestRefused(
                    ErrorCode.IDENTITY_MISMATCH, "csr spiffe id: " + named + " (expected: " + expected + ")");
        });
    }
}
