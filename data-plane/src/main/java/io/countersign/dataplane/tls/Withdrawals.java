package io.countersign.dataplane.tls;

import io.countersign.identity.SvidFault;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.X509Authority;
import java.util.Optional;

/// Who is refused though its chain and its times are good, as one immutable value: the newest word of revocations and
/// authorities, ahead of the contexts that are made from it.
///
/// @param bundle the newest; empty before the first, when there is no context either
record Withdrawals(Optional<TrustBundle> bundle, Revocations revocations) {
    static final Withdrawals NONE = new Withdrawals(Optional.empty(), Revocations.NONE);

    Withdrawals with(TrustBundle newest) {
        return new Withdrawals(Optional.of(newest), revocations);
    }

    Withdrawals with(Revocations newest) {
        return new Withdrawals(bundle, newest);
    }

    /// What is wrong with a peer, or nothing.
    Optional<SvidFault> fault(PeerIdentity peer) {
        if (revocations.revokesAuthority(peer.authority())
                || revocations.revokes(peer.serial(), peer.id(), peer.notBefore())) {
            return Optional.of(SvidFault.REVOKED);
        }
        if (bundle.isEmpty()) {
            return Optional.empty();
        }
        return bundle.get().authorities().stream()
                .filter(authority -> authority.id().equals(peer.authority()))
                .findFirst()
                .map(authority -> authority.isTrusted() ? Optional.<SvidFault>empty() : Optional.of(SvidFault.REVOKED))
                .orElse(Optional.of(SvidFault.UNKNOWN_AUTHORITY));
    }

    /// Whether an authority counts here that does not in the other.
    boolean trustsMoreThan(Withdrawals next) {
        return bundle.stream()
                .flatMap(known -> known.authorities().stream())
                .anyMatch(authority -> trusts(authority) && !next.trusts(authority));
    }

    private boolean trusts(X509Authority authority) {
        return !revocations.revokesAuthority(authority.id())
                && bundle.isPresent()
                && bundle.get().trustedCertificates().contains(authority.certificate());
    }
}
