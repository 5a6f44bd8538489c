package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.identity.SpiffeId;
import io.countersign.testing.TestAuthority;
import org.junit.jupiter.api.Test;

class SvidKeyManagerTest {
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final TestAuthority AUTHORITY = TestAuthority.seeded(1);

    @Test
    void showsNothingBeforeItsFirstSvid() {
        // Given
        var manager = new SvidKeyManager();

        // When
        var alias = manager.chooseEngineServerAlias("EC", null, null);

        // Then
        assertThat(alias).isNull();
    }

    @Test
    void doesNotMixTwoSvidsInAHandshakeThatARenewalInterrupts() {
        // Given
        var manager = new SvidKeyManager();
        var before = svid();
        manager.use(before);
        var alias = manager.chooseEngineServerAlias("EC", null, null);

        // When
        var after = svid();
        manager.use(after);

        // Then
        assertThat(manager.getPrivateKey(alias)).isEqualTo(before.privateKey());
        assertThat(manager.getCertificateChain(alias)).containsExactly(before.leaf());
        assertThat(manager.getPrivateKey(manager.chooseEngineServerAlias("EC", null, null)))
                .isEqualTo(after.privateKey());
    }

    @Test
    void offersItsKeyAsWhatItIsOnly() {
        // Given
        var manager = new SvidKeyManager();
        manager.use(svid());

        // When, Then
        assertThat(manager.chooseEngineServerAlias("RSA", null, null)).isNull();
        assertThat(manager.chooseEngineClientAlias(new String[] {"RSA", "EC"}, null, null))
                .isNotNull();
    }

    private static X509Svid svid() {
        var made = AUTHORITY.issue(HTTPBIN);
        return X509Svid.of(made.chain(), made.key());
    }
}
