package io.countersign.ca.attestation;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ca.CaSettings;
import io.countersign.controlplane.RequestRefused;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTest {
    private static final String TOKEN = "0123456789-administrator";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"Bearer " + TOKEN, "bearer  " + TOKEN + " "})
    void letsItsHolderIn(String header) throws IOException {
        // Given
        var token = token(TOKEN + "\n");

        // When, Then
        assertThatCode(() -> token.require(header)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                TOKEN,
                "Basic " + TOKEN,
                "Bearer 0123456789-administratoR",
                "Bearer null"
            })
    void letsNobodyElseIn(String header) throws IOException {
        // Given
        var token = token(TOKEN);

        // When, Then
        assertThatThrownBy(() -> token.require(header))
                .isInstanceOf(RequestRefused.class)
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void isNoTokenWhenItIsEasilyGuessed() {
        // When, Then
        assertThatThrownBy(() -> token("")).isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> token("admin"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageNotContaining(": admin");
    }

    private AdminToken token(String content) throws IOException {
        var file = Files.writeString(folder.resolve("token"), content);
        return new AdminToken(new CaSettings(
                new TrustDomain("cluster.local"),
                List.of(),
                Duration.ofHours(24),
                file,
                file,
                new CaSettings.Attestation(Duration.ZERO, Duration.ofMinutes(10), Duration.ofHours(1))));
    }
}
