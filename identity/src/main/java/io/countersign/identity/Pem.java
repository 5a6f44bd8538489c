package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// The textual form of certificates, requests and keys (RFC 7468).
public final class Pem {
    public static final String CERTIFICATE = "CERTIFICATE";
    public static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";
    public static final String PRIVATE_KEY = "PRIVATE KEY";

    /// More than any chain or bundle that is meant; what is longer is not read.
    private static final int TEXT_MAX = 1 << 20;

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private Pem() {}

    /// One block.
    ///
    /// @param label what stands between BEGIN and the dashes
    public static String encode(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    public static String encode(List<X509Certificate> certificates) {
        var text = new StringBuilder();
        certificates.forEach(certificate -> text.append(encode(CERTIFICATE, der(certificate))));
        return text.toString();
    }

    public static String encode(PrivateKey key) {
        return encode(PRIVATE_KEY, key.getEncoded());
    }

    /// The DER of every block with that label, in order; other blocks are passed over. [InvalidInput] where there is
    /// none or where one is not Base64.
    public static List<byte[]> decode(String label, String text) {
        if (text.length() > TEXT_MAX) {
            throw InvalidInput.of("pem length", text.length(), "at most " + TEXT_MAX);
        }
        var blocks = new ArrayList<byte[]>();
        var matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                blocks.add(base64(label, matcher.group(2)));
            }
        }
        if (blocks.isEmpty()) {
            throw new InvalidInput("pem: no block with the label " + label);
        }
        return List.copyOf(blocks);
    }

    /// Every certificate in the text, in order; [InvalidInput] where there is none.
    public static List<X509Certificate> certificates(String text) {
        return decode(CERTIFICATE, text).stream().map(Pem::certificate).toList();
    }

    /// Parses one certificate; [InvalidInput] when it is none.
    public static X509Certificate certificate(byte[] der) {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new InvalidInput("certificate: not X.509");
        }
    }

    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }

    private static byte[] base64(String label, String body) {
        try {
            return Base64.getMimeDecoder().decode(body.strip().getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new InvalidInput("pem block " + label + ": not Base64");
        }
    }
}
