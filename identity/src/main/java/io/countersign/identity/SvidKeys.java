package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

/// Keys for SVIDs: ECDSA on P-256, made in the process that uses them.
public final class SvidKeys {
    static final String SIGNATURE_ALGORITHM = "SHA256withECDSA";
    private static final byte[] PROBE = {1, 2, 3, 4};

    private SvidKeys() {}

    public static KeyPair generate() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has elliptic curves", e);
        }
    }

    /// Reads a PKCS#8 key; [InvalidInput], without a word of its content, when it is none.
    static PrivateKey read(byte[] pkcs8) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new InvalidInput("private key: not an elliptic curve key in PKCS#8");
        }
    }

    /// Whether what one key signs the other verifies.
    public static boolean match(PublicKey publicKey, PrivateKey privateKey) {
        try {
            return verifies(SIGNATURE_ALGORITHM, publicKey, PROBE, sign(SIGNATURE_ALGORITHM, privateKey, PROBE));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static byte[] sign(String algorithm, PrivateKey key, byte[] content) throws GeneralSecurityException {
        var signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(content);
        return signature.sign();
    }

    static boolean verifies(String algorithm, PublicKey key, byte[] content, byte[] signature)
            throws GeneralSecurityException {
        var verifying = Signature.getInstance(algorithm);
        verifying.initVerify(key);
        verifying.update(content);
        return verifying.verify(signature);
    }
}
