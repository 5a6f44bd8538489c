package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.testing.TestAuthority;
import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class X509SvidTest {
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final TestAuthority AUTHORITY = TestAuthority.seeded(1);

    @Test
    void takesItsIdentityFromItsLeaf() {
        // Given
        var made = AUTHORITY.issue(HTTPBIN);

        // When
        var svid = X509Svid.of(made.chain(), made.key());

        // Then
        assertThat(svid.spiffeId()).isEqualTo(HTTPBIN);
        assertThat(new BigInteger(svid.serialHex(), 16)).isEqualTo(made.leaf().getSerialNumber());
    }

    @Test
    void isNotMadeOfALeafAndAnotherKey() {
        // Given
        var chain = AUTHORITY.issue(HTTPBIN).chain();
        var key = SvidKeys.generate().getPrivate();

        // When, Then
        assertThatThrownBy(() -> X509Svid.of(chain, key))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("svid key: not the leaf's");
    }

    @Test
    void isNotMadeForAnotherIdentity() {
        // Given
        var made = AUTHORITY.issue(HTTPBIN);
        var other = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/sleep");

        // When, Then
        assertThatThrownBy(() -> new X509Svid(made.chain(), made.key(), other)).isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> X509Svid.of(List.of(), made.key())).isInstanceOf(InvalidInput.class);
    }

    @Test
    void keepsItsKeyOutOfText() {
        // Given
        var made = AUTHORITY.issue(HTTPBIN);
        var svid = X509Svid.of(made.chain(), made.key());
        var secret = ((ECPrivateKey) made.key()).getS();

        // When
        var text = new IssuedSvid(svid, AUTHORITY.bundle(HTTPBIN.trustDomain(), 1)).toString();

        // Then
        assertThat(text)
                .contains(HTTPBIN.toString())
                .doesNotContain(secret.toString())
                .doesNotContainIgnoringCase(secret.toString(16))
                .doesNotContain("PRIVATE");
    }
}
