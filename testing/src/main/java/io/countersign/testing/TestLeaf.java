package io.countersign.testing;

import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/// A leaf certificate in the making; each method spoils one thing. Not thread-safe.
public final class TestLeaf {
    static final String SIGNATURE = "SHA256withECDSA";

    private static final Duration BACKDATED = Duration.ofMinutes(1);
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final TestAuthority authority;
    private List<GeneralName> names;
    private List<KeyPurposeId> purposes = List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    private Instant notBefore = Instant.now().minus(BACKDATED);
    private Instant notAfter = Instant.now().plus(LIFETIME);
    private X500Principal subject = new X500Principal("");
    private boolean authorityBit;
    private String signature = SIGNATURE;
    private KeyPair keys;

    TestLeaf(TestAuthority authority, SpiffeId id) {
        this.authority = authority;
        this.names = List.of(uri(id.toString()));
        this.keys = authority.newKeys();
    }

    public TestLeaf validFrom(Instant from) {
        notBefore = from;
        return this;
    }

    public TestLeaf validUntil(Instant until) {
        notAfter = until;
        return this;
    }

    public TestLeaf uris(String... uris) {
        names = Arrays.stream(uris).map(TestLeaf::uri).toList();
        return this;
    }

    public TestLeaf dnsName(String name) {
        names = Stream.concat(names.stream(), Stream.of(new GeneralName(GeneralName.dNSName, name)))
                .toList();
        return this;
    }

    /// The node that the certificate is issued to, as ca-service names it: the subject's user id.
    public TestLeaf node(NodeId node) {
        subject = new X500Principal("UID=" + node);
        return this;
    }

    public TestLeaf onlyForServers() {
        purposes = List.of(KeyPurposeId.id_kp_serverAuth);
        return this;
    }

    public TestLeaf onlyForClients() {
        purposes = List.of(KeyPurposeId.id_kp_clientAuth);
        return this;
    }

    public TestLeaf asAuthority() {
        authorityBit = true;
        return this;
    }

    public TestLeaf keys(KeyPair pair) {
        keys = pair;
        return this;
    }

    /// As the JDK names algorithms of signatures.
    public TestLeaf signedWith(String algorithm) {
        signature = algorithm;
        return this;
    }

    public TestSvid issue() {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            authority.issuer(),
                            authority.newSerial(),
                            Date.from(notBefore),
                            Date.from(notAfter),
                            subject,
                            keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(authorityBit))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage,
                            false,
                            new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, true, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return new TestSvid(keys.getPrivate(), List.of(authority.sign(builder, signature)));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("test leaf", e);
        }
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }
}
