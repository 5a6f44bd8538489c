package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import io.countersign.testing.TestAuthority;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTokenTest {
    private static final String SECRET = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYw";
    private static final String HASH = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @Test
    void readsWhatItWrites() {
        // Given
        var token = new JoinToken(SECRET, new RootsHash(HASH));

        // When
        var read = JoinToken.parse(" " + token.text() + "\n");

        // Then
        assertThat(read).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                SECRET,
                SECRET + ".",
                "." + HASH,
                "short." + HASH,
                SECRET + ".0123",
                SECRET + ".0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
                SECRET + " ." + HASH,
                SECRET + "." + HASH + ".",
                SECRET + "/../." + HASH
            })
    void refusesWhatIsNoToken(String text) {
        // When, Then
        assertThatThrownBy(() -> JoinToken.parse(text))
                .isInstanceOf(InvalidInput.class)
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void keepsItsSecretOutOfText() {
        // Given
        var token = new JoinToken(SECRET, new RootsHash(HASH));

        // When, Then
        assertThat(token.toString()).doesNotContain(SECRET);
    }

    @Test
    void hashesAuthoritiesInWhateverOrderTheyCome() {
        // Given
        var one = TestAuthority.seeded(1).certificate();
        var two = TestAuthority.seeded(2).certificate();

        // When
        var hash = RootsHash.of(List.of(one, two));

        // Then
        assertThat(RootsHash.of(List.of(two, one))).isEqualTo(hash);
        assertThat(RootsHash.of(List.of(one))).isNotEqualTo(hash);
    }
}
