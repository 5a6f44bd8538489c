package io.countersign.dataplane.tls;

import io.countersign.dataplane.tls.SwapOutcome.Rejected;
import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerification.Refused;
import io.countersign.identity.SvidVerifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Refuses material that could not serve, before a context is built from it.
final class MaterialValidator {
    private static final byte[] PROBE = "does this key belong to this certificate".getBytes(StandardCharsets.US_ASCII);

    private MaterialValidator() {}

    /// What is wrong with the material at that time, or nothing.
    static Optional<Rejected> validate(TlsMaterial material, Instant now) {
        var leaf = material.leaf();
        if (!keyBelongsTo(leaf, material)) {
            return rejected(RejectionReason.KEY_MISMATCH, "the leaf's public key does not verify the key's signature");
        }
        var id = PeerIdentity.spiffeId(leaf);
        if (!id.equals(Optional.of(material.identity()))) {
            return rejected(
                    RejectionReason.WRONG_IDENTITY,
                    "identity: " + id.map(Object::toString).orElse("none") + " (expected: " + material.identity()
                            + ")");
        }
        if (now.isBefore(leaf.getNotBefore().toInstant())) {
            return rejected(
                    RejectionReason.NOT_YET_VALID,
                    "not before: " + leaf.getNotBefore().toInstant());
        }
        if (!now.isBefore(leaf.getNotAfter().toInstant())) {
            return rejected(
                    RejectionReason.EXPIRED, "not after: " + leaf.getNotAfter().toInstant());
        }
        return untrusted(material, material, now).flatMap(why -> rejected(RejectionReason.UNTRUSTED_CHAIN, why));
    }

    /// Why `owner`'s chain would be refused by those who trust what `truster` trusts, or nothing.
    static Optional<String> untrusted(TlsMaterial owner, TlsMaterial truster, Instant now) {
        var verifier = new SvidVerifier(truster.bundle());
        return Stream.of(SvidUsage.values())
                .map(usage -> verifier.verify(owner.chain(), usage, now))
                .filter(Refused.class::isInstance)
                .map(refused -> ((Refused) refused).detail())
                .findFirst();
    }

    private static Optional<Rejected> rejected(RejectionReason reason, String detail) {
        return Optional.of(new Rejected(reason, detail));
    }

    private static boolean keyBelongsTo(X509Certificate leaf, TlsMaterial material) {
        var algorithm = material.key().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            var signer = Signature.getInstance(algorithm);
            signer.initSign(material.key());
            signer.update(PROBE);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(leaf.getPublicKey());
            verifier.update(PROBE);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
