package io.countersign.ca.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyEncryptionTest {
    private static final byte[] TEXT = "an authority's private key".getBytes(StandardCharsets.US_ASCII);

    private final KeyEncryption encryption = new KeyEncryption(new byte[32]);

    @Test
    void opensWhatItSealed() {
        // When
        var stored = encryption.encrypt(TEXT, "a");

        // Then
        assertThat(encryption.decrypt(stored, "a")).isEqualTo(TEXT);
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("private");
    }

    @Test
    void sealsTheSameTextDifferentlyEachTime() {
        // When, Then
        assertThat(encryption.encrypt(TEXT, "a")).isNotEqualTo(encryption.encrypt(TEXT, "a"));
    }

    @Test
    void opensNothingOfAnotherKeyOrForAnotherAuthority() {
        // Given
        var stored = encryption.encrypt(TEXT, "a");
        var otherKey = new byte[32];
        otherKey[31] = 1;

        // When, Then
        assertThatThrownBy(() -> encryption.decrypt(stored, "b")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new KeyEncryption(otherKey).decrypt(stored, "a"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void opensNothingThatWasChanged() {
        // Given
        var stored = encryption.encrypt(TEXT, "a");

        for (var at = 0; at < stored.length; at++) {
            // When
            var changed = stored.clone();
            changed[at] ^= 1;

            // Then
            assertThatThrownBy(() -> encryption.decrypt(changed, "a")).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> encryption.decrypt(new byte[] {1}, "a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takesA256BitKeyOnly(@TempDir Path folder) throws IOException {
        // Given
        var secret = Base64.getEncoder().encodeToString(new byte[16]);
        var weak = Files.writeString(folder.resolve("weak"), secret);
        var garbage = Files.writeString(folder.resolve("garbage"), "no base64 at all!");

        // When, Then
        assertThatThrownBy(() -> KeyEncryption.fromFile(weak))
                .isInstanceOf(InvalidInput.class)
                .hasMessageNotContaining(secret);
        assertThatThrownBy(() -> KeyEncryption.fromFile(garbage))
                .isInstanceOf(InvalidInput.class)
                .hasMessageNotContaining("base64 at all");
        assertThatThrownBy(() -> KeyEncryption.fromFile(folder.resolve("none"))).hasMessageContaining("not readable");
    }
}
