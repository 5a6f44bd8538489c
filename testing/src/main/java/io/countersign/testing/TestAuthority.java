package io.countersign.testing;

import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.identity.X509Authority;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority for tests: an ECDSA P-256 root that signs whatever a test needs, right or wrong.
public final class TestAuthority {
    private static final int SERIAL_BITS = 128;
    private static final String PSS = "andMGF1";
    private static final long ROOT_YEARS_IN_DAYS = 3650;

    private final SecureRandom random;
    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestAuthority(long seed, Optional<KeyPair> given, String signature)
            throws GeneralSecurityException, OperatorCreationException, CertIOException {
        random = SecureRandom.getInstance("SHA1PRNG");
        random.setSeed(seed);
        name = "CN=test authority " + seed;
        keys = given.orElseGet(this::newKeys);
        var now = Instant.now();
        var root = new JcaX509v3CertificateBuilder(
                        new X500Principal(name),
                        newSerial(),
                        Date.from(now.minus(ROOT_YEARS_IN_DAYS, ChronoUnit.DAYS)),
                        Date.from(now.plus(ROOT_YEARS_IN_DAYS, ChronoUnit.DAYS)),
                        new X500Principal(name),
                        keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        certificate = sign(root, signature);
    }

    /// An authority of its own for each seed; its key and serial numbers are the same in each run, its root is valid
    /// ten years to both sides.
    public static TestAuthority seeded(long seed) {
        try {
            return new TestAuthority(seed, Optional.empty(), TestLeaf.SIGNATURE);
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("test authority " + seed, e);
        }
    }

    /// An authority with an RSA key, whose root is signed as the JDK names it.
    public static TestAuthority rsa(int bits, String signature) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new TestAuthority(bits, Optional.of(generator.generateKeyPair()), signature);
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("test authority of RSA " + bits, e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey privateKey() {
        return keys.getPrivate();
    }

    /// This authority as the active one of a bundle; its id is the root's serial number, as ca-service has it.
    public X509Authority authority() {
        return new X509Authority(certificate.getSerialNumber().toString(16), AuthorityState.ACTIVE, certificate);
    }

    /// A bundle with this authority alone.
    public TrustBundle bundle(TrustDomain trustDomain, long sequence) {
        return new TrustBundle(trustDomain, sequence, List.of(authority()));
    }

    /// A good SVID: valid since a minute, for a day.
    public TestSvid issue(SpiffeId id) {
        return leaf(id).issue();
    }

    /// A leaf of which a test may spoil what it likes.
    public TestLeaf leaf(SpiffeId id) {
        return new TestLeaf(this, id);
    }

    KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    BigInteger newSerial() {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 2);
    }

    X500Principal issuer() {
        return new X500Principal(name);
    }

    X509Certificate sign(X509v3CertificateBuilder builder, String algorithm)
            throws GeneralSecurityException, OperatorCreationException {
        var signer = new JcaContentSignerBuilder(algorithm);
        if (algorithm.endsWith(PSS)) {
            // The JDK's name for it does not tell the digest.
            signer.setProvider(new BouncyCastleProvider());
        }
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer.build(keys.getPrivate())));
    }
}
