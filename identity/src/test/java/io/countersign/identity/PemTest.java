package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import io.countersign.testing.TestAuthority;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    @Test
    void readsTheCertificatesThatItWrites() {
        // Given
        var certificates = List.of(
                TestAuthority.seeded(1).certificate(), TestAuthority.seeded(2).certificate());

        // When
        var text = "# comment\n" + Pem.encode(certificates)
                + Pem.encode(SvidKeys.generate().getPrivate());

        // Then
        assertThat(Pem.certificates(text)).isEqualTo(certificates);
    }

    @Test
    void writesLinesOf64() {
        // Given
        var certificate = TestAuthority.seeded(1).certificate();

        // When
        var text = Pem.encode(List.of(certificate));

        // Then
        assertThat(text).endsWith("-----END CERTIFICATE-----\n");
        assertThat(text.lines()).allMatch(line -> line.length() <= 64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN CERTIFICATE-----",
                "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
                "-----BEGIN CERTIFICATE-----\nAAAAA=A\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"
            })
    void refusesTextWithoutACertificate(String text) {
        // When, Then
        assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(InvalidInput.class);
    }

    @Test
    void refusesWhatIsLongerThanAnyBundle() {
        // Given
        var text = "-----BEGIN CERTIFICATE-----\n" + "A".repeat(1 << 20);

        // When, Then
        assertThatThrownBy(() -> Pem.certificates(text)).hasMessageContaining("pem length");
    }
}
