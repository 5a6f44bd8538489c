package io.countersign.ca.jointoken;

import io.countersign.ca.ErrorCode;
import io.countersign.ca.Registration;
import io.countersign.controlplane.RequestRefused;
import io.countersign.identity.JoinToken;
import io.countersign.identity.RootsHash;
import io.countersign.identity.Sha256;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Join tokens: created for a registration, spent on one public key, good until they expire.
@Singleton
public class JoinTokens {
    private static final Logger AUDIT = LoggerFactory.getLogger("io.countersign.ca.audit");
    private static final int SECRET_OCTETS = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// How long a token that has expired is kept, to tell whoever comes late what happened.
    private static final Duration KEPT = Duration.ofDays(1);

    private final JoinTokenRepository repository;
    private final InstantSource clock;

    JoinTokens(JoinTokenRepository repository, InstantSource clock) {
        this.repository = repository;
        this.clock = clock;
    }

    @Transactional
    JoinTokenCreated create(Registration registration, Duration lifetime, RootsHash roots) {
        var now = clock.instant();
        repository.deleteExpired(now.minus(KEPT));
        var octets = new byte[SECRET_OCTETS];
        RANDOM.nextBytes(octets);
        var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        var entity = new JoinTokenEntity();
        entity.secretHash = Sha256.of(secret);
        entity.spiffeId = registration.spiffeId().toString();
        entity.nodeId = registration.nodeId().value();
        entity.dnsNames = registration.dnsNames();
        entity.createdAt = now;
        entity.expiresAt = now.plus(lifetime);
        repository.persist(entity);
        AUDIT.atInfo()
                .addKeyValue("spiffeId", registration.spiffeId())
                .addKeyValue("nodeId", registration.nodeId())
                .addKeyValue("expiresAt", entity.expiresAt)
                .log("join token created");
        return new JoinTokenCreated(new JoinToken(secret, roots).text(), entity.expiresAt);
    }

    /// Spends a token on a key, in the caller's transaction; the same key may come again until the token expires.
    /// [RequestRefused] for a token that is unknown, expired or another key's.
    ///
    /// @return what the token was created for
    @Transactional(Transactional.TxType.MANDATORY)
    public Registration spend(JoinToken token, PublicKey key) {
        var now = clock.instant();
        var hash = Sha256.of(token.secret());
        var entity = repository
                .live(hash, now)
                .orElseThrow(() -> new RequestRefused(ErrorCode.JOIN_TOKEN_REFUSED, "join token: unknown or expired"));
        var registration =
                new Registration(SpiffeId.parse(entity.spiffeId), new NodeId(entity.nodeId), entity.dnsNames);
        if (!repository.spend(hash, Sha256.of(key.getEncoded()), now)) {
            AUDIT.atWarn()
                    .addKeyValue("spiffeId", registration.spiffeId())
                    .addKeyValue("nodeId", registration.nodeId())
                    .log("join token denied to another key");
            throw new RequestRefused(ErrorCode.JOIN_TOKEN_SPENT, "join token: spent on another key");
        }
        return registration;
    }
}
