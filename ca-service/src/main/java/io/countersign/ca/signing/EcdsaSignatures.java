package io.countersign.ca.signing;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ECDSA with SHA-256 through plain JCA: Amazon's provider, about ten times as fast as the JDK's own, or Bouncy Castle
/// where its native library does not load.
public final class EcdsaSignatures {
    private static final Logger LOG = LoggerFactory.getLogger(EcdsaSignatures.class);
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final Provider PROVIDER = preferred();

    private EcdsaSignatures() {}

    public static byte[] sign(PrivateKey key, byte[] content) {
        try {
            var signature = Signature.getInstance(ALGORITHM, PROVIDER);
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ecdsa: not signed", e);
        }
    }

    /// Whether the signature is that key's; false for a key or a signature that is none.
    public static boolean verify(PublicKey key, byte[] content, byte[] signature) {
        try {
            var verifying = Signature.getInstance(ALGORITHM, PROVIDER);
            verifying.initVerify(key);
            verifying.update(content);
            return verifying.verify(signature);
        } catch (GeneralSecurityException e) {
            LOG.atDebug().addKeyValue("reason", e.toString()).log("signature not verifiable");
            return false;
        }
    }

    private static Provider preferred() {
        var amazon = AmazonCorrettoCryptoProvider.INSTANCE;
        var problem = amazon.getLoadingError();
        if (problem == null) {
            return amazon;
        }
        LOG.atWarn().addKeyValue("reason", problem.toString()).log("signing with bouncy castle, which is slower");
        return new BouncyCastleProvider();
    }
}
