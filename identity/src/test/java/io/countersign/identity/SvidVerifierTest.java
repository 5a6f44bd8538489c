package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.identity.SvidVerification.Refused;
import io.countersign.identity.SvidVerification.Valid;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.identity.X509Authority;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestLeaf;
import io.countersign.testing.TestSvid;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SvidVerifierTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final NodeId NODE = new NodeId("httpbin.full");
    private static final TestAuthority OURS = TestAuthority.seeded(1);
    private static final TestAuthority THEIRS = TestAuthority.seeded(2);

    /// In the middle of the authorities' lives.
    private static final Instant NOW =
            OURS.certificate().getNotBefore().toInstant().plus(Duration.ofDays(3650));

    private static final SvidVerifier VERIFIER = new SvidVerifier(OURS.bundle(DOMAIN, 1));

    @Test
    void namesTheIdentityAndTheAuthorityOfAGoodChain() {
        // Given
        var chain = leaf().issue().chain();

        // When
        var verdict = VERIFIER.verify(chain, SvidUsage.SERVER, NOW);

        // Then
        assertThat(verdict).isEqualTo(new Valid(HTTPBIN, OURS.authority()));
    }

    @Test
    void acceptsAChainThatCarriesItsAuthority() {
        // Given
        var chain = List.of(leaf().issue().leaf(), THEIRS.certificate(), OURS.certificate());

        // When
        var verdict = VERIFIER.verify(chain, SvidUsage.CLIENT, NOW);

        // Then
        assertThat(verdict).isInstanceOf(Valid.class);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(SvidFault.EXPIRED, leaf().validUntil(NOW.minusSeconds(1))),
                Arguments.of(SvidFault.NOT_YET_VALID, leaf().validFrom(NOW.plus(Duration.ofMinutes(1)))),
                Arguments.of(SvidFault.WRONG_USAGE, leaf().onlyForServers()),
                Arguments.of(SvidFault.WRONG_USAGE, leaf().asAuthority()),
                Arguments.of(SvidFault.NOT_AN_SVID, leaf().node(NODE).uris()),
                Arguments.of(SvidFault.NOT_AN_SVID, leaf().uris(HTTPBIN.toString(), HTTPBIN + "2")),
                Arguments.of(SvidFault.NOT_AN_SVID, leaf().uris("https://cluster.local/ns/full/sa/httpbin")),
                Arguments.of(SvidFault.NOT_AN_SVID, leaf().uris("spiffe://cluster.local/ns/../sa/httpbin")),
                Arguments.of(SvidFault.NOT_AN_SVID, leaf().uris("spiffe://cluster.local")),
                Arguments.of(SvidFault.NOT_AN_SVID, leaf().uris("spiffe://other.domain/ns/full/sa/httpbin")),
                Arguments.of(SvidFault.BAD_CHAIN, leaf().keys(keys("RSA", 1_024))),
                Arguments.of(SvidFault.BAD_CHAIN, leaf().signedWith("SHA1withECDSA")),
                Arguments.of(SvidFault.WRONG_IDENTITY, leaf().uris("spiffe://cluster.local/ns/full/sa/sleep")));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesTheFaultOfALeaf(SvidFault fault, TestLeaf leaf) {
        // Given
        var chain = leaf.issue().chain();

        // When
        var verdict = VERIFIER.verify(chain, SvidUsage.CLIENT, NOW, HTTPBIN::equals);

        // Then
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.fault()).isEqualTo(fault));
    }

    @ParameterizedTest
    @CsvSource({
        "2048, SHA1withRSAandMGF1, RSASSA-PSS and SHA-1",
        "2048, SHA1withRSA, SHA1withRSA",
        "1024, SHA256withRSA, RSA key of 1024 bits"
    })
    void refusesWhatAnAuthorityOfRsaSignedWeakly(int bits, String signature, String reason) {
        // Given
        var rsa = TestAuthority.rsa(bits, "SHA256withRSA");
        var chain = current(rsa.leaf(HTTPBIN)).signedWith(signature).issue().chain();

        // When
        var verdict = new SvidVerifier(rsa.bundle(DOMAIN, 1)).verify(chain, SvidUsage.CLIENT, NOW);

        // Then
        assertThat(verdict).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.fault()).isEqualTo(SvidFault.BAD_CHAIN);
            assertThat(refused.detail()).contains(reason);
        });
    }

    @ParameterizedTest
    @CsvSource({"SHA256withRSAandMGF1, SHA256withRSA", "SHA256withRSA, SHA1withRSA"})
    void takesWhatAnAuthorityOfRsaSignedWellWhateverItsRootIsSignedWith(String signature, String ofRoot) {
        // Given
        var rsa = TestAuthority.rsa(2_048, ofRoot);
        var chain = current(rsa.leaf(HTTPBIN)).signedWith(signature).issue().chain();

        // When
        var verdict = new SvidVerifier(rsa.bundle(DOMAIN, 1)).verify(chain, SvidUsage.CLIENT, NOW);

        // Then
        assertThat(verdict).isInstanceOf(Valid.class);
    }

    @Test
    void takesRsaOfThePresent() {
        // Given
        var chain = leaf().keys(keys("RSA", 2_048)).issue().chain();

        // When
        var verdict = VERIFIER.verify(chain, SvidUsage.CLIENT, NOW);

        // Then
        assertThat(verdict).isInstanceOf(Valid.class);
    }

    private static KeyPair keys(String algorithm, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> chainsOfStrangers() {
        TestSvid stranger = current(THEIRS.leaf(HTTPBIN)).issue();
        var posing = new ForgedLeaf(stranger, NOW).signedInTheNameOf(OURS.certificate());
        return Stream.of(
                Arguments.of(SvidFault.NO_CERTIFICATE, List.of()),
                Arguments.of(SvidFault.UNKNOWN_AUTHORITY, stranger.chain()),
                Arguments.of(SvidFault.UNKNOWN_AUTHORITY, List.of(stranger.leaf(), THEIRS.certificate())),
                Arguments.of(SvidFault.UNKNOWN_AUTHORITY, List.of(stranger.leaf(), OURS.certificate())),
                Arguments.of(SvidFault.UNKNOWN_AUTHORITY, List.of(posing, OURS.certificate())),
                Arguments.of(SvidFault.BAD_CHAIN, Collections.nCopies(9, stranger.leaf())));
    }

    @ParameterizedTest
    @MethodSource("chainsOfStrangers")
    void refusesChainsThatEndUnderNoTrustedAuthority(SvidFault fault, List<X509Certificate> chain) {
        // When
        var verdict = VERIFIER.verify(chain, SvidUsage.CLIENT, NOW);

        // Then
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.fault()).isEqualTo(fault));
    }

    @Test
    void refusesALeafThatSignsOtherLeaves() {
        // Given: a workload's certificate with its key, used as if it were an authority
        var workload = leaf().node(NODE).issue();
        var forged = new ForgedLeaf(workload, NOW).of("spiffe://cluster.local/ns/full/sa/admin");

        // When
        var verdict = VERIFIER.verify(List.of(forged, workload.leaf()), SvidUsage.CLIENT, NOW);

        // Then
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.fault()).isEqualTo(SvidFault.BAD_CHAIN));
    }

    @Test
    void trustsAPreparedAuthorityAndNoRevokedOne() {
        // Given
        var chain = leaf().issue().chain();

        // When
        var prepared = verifierWith(AuthorityState.PREPARED).verify(chain, SvidUsage.CLIENT, NOW);
        var revoked = verifierWith(AuthorityState.REVOKED).verify(chain, SvidUsage.CLIENT, NOW);

        // Then
        assertThat(prepared).isInstanceOf(Valid.class);
        assertThat(revoked)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.fault()).isEqualTo(SvidFault.REVOKED));
    }

    @Test
    void endsTrustWithItsAuthority() {
        // Given
        var late = OURS.certificate().getNotAfter().toInstant().plusSeconds(1);
        var chain = leaf().validUntil(late.plus(Duration.ofDays(1))).issue().chain();

        // When
        var verdict = VERIFIER.verify(chain, SvidUsage.CLIENT, late);

        // Then
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.fault()).isEqualTo(SvidFault.EXPIRED));
    }

    @Test
    void judgesAKnownChainByItsTimesUsageAndIdentityEachTime() {
        // Given
        var servers = leaf().onlyForServers().issue().chain();
        var verifier = new SvidVerifier(OURS.bundle(DOMAIN, 1));
        var known = verifier.verify(servers, SvidUsage.SERVER, NOW);

        // When
        var again = verifier.verify(servers, SvidUsage.SERVER, NOW);
        var early = verifier.verify(servers, SvidUsage.SERVER, NOW.minusSeconds(61));
        var late = verifier.verify(servers, SvidUsage.SERVER, NOW.plusSeconds(3601));
        var used = verifier.verify(servers, SvidUsage.CLIENT, NOW);
        var another = verifier.verify(servers, SvidUsage.SERVER, NOW, _ -> false);
        var withMore =
                verifier.verify(List.of(THEIRS.issue(HTTPBIN).leaf(), servers.getFirst()), SvidUsage.SERVER, NOW);

        // Then
        assertThat(again).isEqualTo(known).isInstanceOf(Valid.class);
        assertThat(Stream.of(early, late, used, another, withMore).map(verdict -> ((Refused) verdict).fault()))
                .containsExactly(
                        SvidFault.NOT_YET_VALID,
                        SvidFault.EXPIRED,
                        SvidFault.WRONG_USAGE,
                        SvidFault.WRONG_IDENTITY,
                        SvidFault.UNKNOWN_AUTHORITY);
    }

    private static TestLeaf leaf() {
        return current(OURS.leaf(HTTPBIN));
    }

    private static TestLeaf current(TestLeaf leaf) {
        return leaf.validFrom(NOW.minusSeconds(60)).validUntil(NOW.plusSeconds(3600));
    }

    private static SvidVerifier verifierWith(AuthorityState state) {
        var authority = new X509Authority("authority", state, OURS.certificate());
        return new SvidVerifier(new TrustBundle(DOMAIN, 1, List.of(authority)));
    }
}
