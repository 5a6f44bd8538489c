package io.countersign.dataplane.tls;

import io.countersign.dataplane.tls.SwapOutcome.Rejected;
import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerification.Refused;
import io.countersign.identity.SvidVerifier;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Refuses material that could not serve, before a context is built from it.
final class MaterialValidator {
    private MaterialValidator() {}

    /// What is wrong with the material at that time, or nothing.
    ///
    /// @param verifier of the material's own bundle
    static Optional<Rejected> validate(TlsMaterial material, SvidVerifier verifier, Instant now) {
        var leaf = material.leaf();
        if (now.isBefore(leaf.getNotBefore().toInstant())) {
            return rejected(
                    RejectionReason.NOT_YET_VALID,
                    "not before: " + leaf.getNotBefore().toInstant());
        }
        if (!now.isBefore(leaf.getNotAfter().toInstant())) {
            return rejected(
                    RejectionReason.EXPIRED, "not after: " + leaf.getNotAfter().toInstant());
        }
        return untrusted(material.svid().chain(), verifier, now)
                .flatMap(why -> rejected(RejectionReason.UNTRUSTED_CHAIN, why));
    }

    /// Why a chain would be refused by those who judge by that verifier, or nothing.
    static Optional<String> untrusted(List<X509Certificate> chain, SvidVerifier verifier, Instant now) {
        return Stream.of(SvidUsage.values())
                .map(usage -> verifier.verify(chain, usage, now))
                .filter(Refused.class::isInstance)
                .map(refused -> ((Refused) refused).detail())
                .findFirst();
    }

    private static Optional<Rejected> rejected(RejectionReason reason, String detail) {
        return Optional.of(new Rejected(reason, detail));
    }
}
