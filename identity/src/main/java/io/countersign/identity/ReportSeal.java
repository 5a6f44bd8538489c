package io.countersign.identity;

import io.countersign.events.NodeReportCodec;
import io.countersign.events.SealedReport;
import io.countersign.events.UnreadableRecord;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;

/// Signs a node's reports with its SVID, and tells a genuine one from any other. Stateless, for any thread.
public final class ReportSeal {
    /// ECDSA with the signature as JWS has it: r and s, not ASN.1 (RFC 7518, section 3.4).
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

    private ReportSeal() {}

    /// What a record on the topic turned out to be.
    public sealed interface Opened {
        /// The node itself said this.
        record Genuine(NodeReport report) implements Opened {}

        /// It counts as not said.
        record Refused(String reason) implements Opened {}
    }

    /// The record's value: the report, signed.
    public static byte[] seal(NodeReport report, X509Svid svid) {
        return SealedReport.seal(NodeReportCodec.encode(report), svid.chain(), input -> sign(svid.privateKey(), input))
                .encode();
    }

    /// Opens a record. Genuine is a report that an SVID signed which ca-service issued to this very node. A
    /// certificate that has ended since is judged as of its end: the report was good while it held, and what it
    /// says of its own end stands in it.
    ///
    /// @param node the record's key
    public static Opened open(NodeId node, byte[] value, SvidVerifier verifier, Instant now) {
        try {
            var sealed = SealedReport.decode(value);
            var chain = sealed.chain();
            if (chain.isEmpty()) {
                return new Opened.Refused("no certificate is with it");
            }
            var leaf = chain.getFirst();
            var end = leaf.getNotAfter().toInstant();
            return switch (verifier.verify(chain, SvidUsage.CLIENT, now.isAfter(end) ? end : now)) {
                case SvidVerification.Refused(var fault, var detail) -> new Opened.Refused(fault + ": " + detail);
                case SvidVerification.Valid(var identity, var _) -> {
                    if (!SvidNames.nodeId(leaf).equals(Optional.of(node))) {
                        yield new Opened.Refused("its certificate was issued to another node");
                    }
                    if (!holds(leaf.getPublicKey(), sealed)) {
                        yield new Opened.Refused("its signature does not hold");
                    }
                    yield new Opened.Genuine(NodeReportCodec.decode(node, identity, sealed.report()));
                }
            };
        } catch (UnreadableRecord | IllegalArgumentException e) {
            return new Opened.Refused(String.valueOf(e.getMessage()));
        }
    }

    private static byte[] sign(PrivateKey key, byte[] input) {
        try {
            return SvidKeys.sign(ALGORITHM, key, input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("svid key: not usable for ECDSA", e);
        }
    }

    private static boolean holds(PublicKey key, SealedReport sealed) {
        try {
            return SvidKeys.verifies(ALGORITHM, key, sealed.signingInput(), sealed.signatureBytes());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
