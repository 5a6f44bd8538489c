package io.countersign.mesh.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationsTest {
    private static final SpiffeId SLEEP = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/sleep");
    private static final SpiffeId OTHER = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/other");
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant END = NOON.plus(Duration.ofDays(1));
    private static final Instant BEFORE = NOON.minusSeconds(1);

    @Test
    void revokesACertificateByItsNumberUntilItIsLifted() {
        // Given
        var key = RevocationKey.serial("a1");
        var revoked = Revocations.NONE.apply(revocation(key, false));

        // When
        var lifted = revoked.apply(revocation(key, true));

        // Then
        assertThat(revoked.revokes("a1", SLEEP, BEFORE)).isTrue();
        assertThat(revoked.revokes("a1", SLEEP, NOON)).isTrue();
        assertThat(revoked.revokes("a2", SLEEP, BEFORE)).isFalse();
        assertThat(lifted.revokes("a1", SLEEP, BEFORE)).isFalse();
    }

    @Test
    void revokesOfAnIdentityWhatWasIssuedBeforeEvenOnceItIsLifted() {
        // Given
        var key = RevocationKey.identity(SLEEP);
        var revoked = Revocations.NONE.apply(revocation(key, false));

        // When
        var lifted = revoked.apply(revocation(key, true));

        // Then
        assertThat(revoked.revokes("a1", SLEEP, BEFORE)).isTrue();
        assertThat(lifted.revokes("a1", SLEEP, BEFORE)).isTrue();
        assertThat(lifted.revokes("a1", SLEEP, NOON)).isFalse();
        assertThat(revoked.revokes("a1", OTHER, BEFORE)).isFalse();
    }

    @Test
    void revokesAnAuthorityUntilItIsLifted() {
        // Given
        var key = RevocationKey.authority("root-1");
        var revoked = Revocations.NONE.apply(revocation(key, false));

        // When
        var lifted = revoked.apply(revocation(key, true));

        // Then
        assertThat(revoked.revokesAuthority("root-1")).isTrue();
        assertThat(revoked.revokesAuthority("root-2")).isFalse();
        assertThat(lifted.revokesAuthority("root-1")).isFalse();
    }

    @Test
    void takesWhatCannotBeReadForRevokedUntilItIsReadable() {
        // Given
        var identity = RevocationKey.identity(SLEEP);
        var lifted = Revocations.NONE.apply(revocation(identity, true));

        // When
        var doubtful = lifted.unreadable(identity).unreadable(RevocationKey.serial("a1"));

        // Then
        assertThat(doubtful.revokes("b2", SLEEP, END)).isTrue();
        assertThat(doubtful.revokes("a1", OTHER, END)).isTrue();
        assertThat(doubtful.apply(revocation(identity, true)).revokes("b2", SLEEP, END))
                .isFalse();
    }

    @Test
    void forgetsOnlyWhatHasEndedByItself() {
        // Given
        var key = RevocationKey.serial("a1");
        var revoked = Revocations.NONE.apply(revocation(key, false));

        // When
        var early = revoked.forget(key, END.minusSeconds(1));
        var late = revoked.forget(key, END);
        var doubtful = Revocations.NONE.unreadable(key).forget(key, END);

        // Then
        assertThat(early.revokes("a1", SLEEP, BEFORE)).isTrue();
        assertThat(late).isEqualTo(Revocations.NONE);
        assertThat(doubtful.revokes("a1", SLEEP, BEFORE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"serial/a1", "serial/0", "identity/spiffe://cluster.local/ns/full/sa/sleep", "authority/x/y"})
    void readsBackTheKeysThatItWrites(String key) {
        assertThat(RevocationKey.parse(key)).map(RevocationKey::toString).contains(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "serial", "serial/", "serial/A1", "serial/0a", "serial/0x1", "identity/a", "authority/"})
    void refusesKeysThatWouldNeverMatch(String key) {
        assertThatThrownBy(() -> RevocationKey.parse(key)).isInstanceOf(InvalidInput.class);
    }

    @Test
    void leavesKindsAloneThatItDoesNotKnow() {
        assertThat(RevocationKey.parse("node/a")).isEmpty();
    }

    private static Revocation revocation(RevocationKey key, boolean lifted) {
        return new Revocation(key, lifted, NOON, END, "KEY_COMPROMISE");
    }
}
