package io.countersign.events;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/// Values of [TopicCatalogue#NODES]: a node's report, signed with the key of its SVID. It is a JSON Web Signature in
/// the flattened serialization (RFC 7515, section 7.2.2), algorithm ES256, with the SVID's chain in `x5c`. Whether the
/// chain and the signature hold is for the reader to check.
///
/// @param header the protected header, base64url
/// @param payload the report, base64url
/// @param signature base64url
public record SealedReport(String header, String payload, String signature) {
    private static final String TYPE = "SealedReport";
    private static final int VERSION = 1;
    private static final String ALGORITHM = "ES256";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /// Seals a report.
    ///
    /// @param report as [NodeReportCodec] writes it
    /// @param chain of the SVID, the leaf first
    /// @param sign the signature of its argument, as JWS has it: r and s, 32 bytes each
    public static SealedReport seal(byte[] report, List<X509Certificate> chain, UnaryOperator<byte[]> sign) {
        var header = JsonRecord.JSON.createObjectNode().put("alg", ALGORITHM);
        var certificates = header.putArray("x5c");
        chain.forEach(certificate -> certificates.add(Certificates.encode(certificate)));
        var unsigned =
                new SealedReport(ENCODER.encodeToString(JsonRecord.bytes(header)), ENCODER.encodeToString(report), "");
        var signature = ENCODER.encodeToString(sign.apply(unsigned.signingInput()));
        return new SealedReport(unsigned.header, unsigned.payload, signature);
    }

    public byte[] encode() {
        return JsonRecord.bytes(JsonRecord.create(TYPE, VERSION)
                .put("protected", header)
                .put("payload", payload)
                .put("signature", signature));
    }

    /// Reads a value; [UnreadableRecord] when it is no sealed report. Nothing is verified.
    public static SealedReport decode(byte[] value) {
        var record = JsonRecord.parse(value, TYPE, VERSION);
        return new SealedReport(record.text("protected"), record.text("payload"), record.text("signature"));
    }

    /// What the signature is over.
    public byte[] signingInput() {
        return (header + "." + payload).getBytes(StandardCharsets.US_ASCII);
    }

    public byte[] signatureBytes() {
        return bytes(signature);
    }

    /// The report, as [NodeReportCodec] reads it.
    public byte[] report() {
        return bytes(payload);
    }

    /// The chain that the signer presents; [UnreadableRecord] for another algorithm or no certificates.
    public List<X509Certificate> chain() {
        var parsed = JsonRecord.parse(bytes(header));
        if (!parsed.text("alg").equals(ALGORITHM)) {
            throw new UnreadableRecord("report's signature algorithm: " + parsed.text("alg") + " (expected: ES256)");
        }
        return parsed.list("x5c", certificate -> Certificates.decode(certificate.asText()));
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecord("sealed report: not base64url", e);
        }
    }
}
