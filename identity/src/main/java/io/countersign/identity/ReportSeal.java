package io.countersign.identity;

import io.countersign.events.NodeReportCodec;
import io.countersign.events.SealedReport;
import io.countersign.mesh.distribution.NodeReport;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;

/// Signs a node's reports with its SVID; [ReportVerifier] opens them. Stateless, for any thread.
public final class ReportSeal {
    /// ECDSA with the signature as JWS has it: r and s, not ASN.1 (RFC 7518, section 3.4).
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

    private ReportSeal() {}

    /// The record's value: the report, signed.
    public static byte[] seal(NodeReport report, X509Svid svid) {
        return SealedReport.seal(NodeReportCodec.encode(report), svid.chain(), input -> sign(svid.privateKey(), input))
                .encode();
    }

    private static byte[] sign(PrivateKey key, byte[] input) {
        try {
            return SvidKeys.sign(ALGORITHM, key, input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("svid key: not usable for ECDSA", e);
        }
    }
}
