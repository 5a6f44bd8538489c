package io.countersign.ca.attestation;

import io.countersign.ca.CaSettings;
import io.countersign.ca.authority.Authorities;
import io.countersign.identity.SvidFault;
import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerification;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

/// Judges the client certificates that callers present: in the handshake, and again for every request, because a
/// resumed session or an idle connection may be older than a change of trust.
@Singleton
public class PresentedSvids {
    private final Authorities authorities;
    private final CaSettings settings;
    private final InstantSource clock;

    PresentedSvids(Authorities authorities, CaSettings settings, InstantSource clock) {
        this.authorities = authorities;
        this.settings = settings;
        this.clock = clock;
    }

    /// Valid under the present bundle, or expired within the grace and valid until then. Whoever accepts an expired
    /// one must insist on its key.
    public SvidVerification judge(List<X509Certificate> chain, SvidUsage usage) {
        var now = clock.instant();
        var verdict = authorities.verifier().verify(chain, usage, now);
        if (verdict instanceof SvidVerification.Refused refused && refused.fault() == SvidFault.EXPIRED) {
            var end = chain.getFirst().getNotAfter().toInstant();
            if (end.isBefore(now)
                    && now.isBefore(end.plus(settings.attestation().expiredGrace()))) {
                return authorities.verifier().verify(chain, usage, end);
            }
        }
        return verdict;
    }

    public boolean isExpired(X509Certificate leaf) {
        return leaf.getNotAfter().toInstant().isBefore(clock.instant());
    }
}
