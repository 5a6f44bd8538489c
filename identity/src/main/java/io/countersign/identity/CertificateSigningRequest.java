package io.countersign.identity;

import io.countersign.mesh.identity.SpiffeId;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A PKCS#10 request (RFC 2986) for one identity: proves possession of the key and names the SPIFFE ID.
///
/// @param pem the request as it is sent
public record CertificateSigningRequest(String pem) {
    private static final X500Principal NO_SUBJECT = new X500Principal("");

    /// Makes and signs a request.
    public static CertificateSigningRequest of(KeyPair keys, SpiffeId spiffeId) {
        try {
            var identity = new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId.toString());
            var extension = Extension.create(Extension.subjectAlternativeName, true, new GeneralNames(identity));
            var request = new JcaPKCS10CertificationRequestBuilder(NO_SUBJECT, keys.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(extension))
                    .build(new KeySigner(keys.getPrivate()));
            return new CertificateSigningRequest(Pem.encode(Pem.CERTIFICATE_REQUEST, request.getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException("a request of plain values is always encoded", e);
        }
    }

    /// Signs with whichever provider the platform prefers, rather than with Bouncy Castle's own.
    private static final class KeySigner implements ContentSigner {
        private final Signature signature;

        KeySigner(PrivateKey key) {
            try {
                signature = Signature.getInstance(SvidKeys.SIGNATURE_ALGORITHM);
                signature.initSign(key);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("request key: not usable for ECDSA", e);
            }
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        }

        @Override
        public OutputStream getOutputStream() {
            return new SignatureOutput(signature);
        }

        @Override
        public byte[] getSignature() {
            try {
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("request: not signed", e);
            }
        }
    }

    private static final class SignatureOutput extends OutputStream {
        private final Signature signature;

        SignatureOutput(Signature signature) {
            this.signature = signature;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            try {
                signature.update(octets, offset, length);
            } catch (GeneralSecurityException e) {
                throw new IOException("request: not signed", e);
            }
        }
    }
}
