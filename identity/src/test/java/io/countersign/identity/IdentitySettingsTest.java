package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentitySettingsTest {
    private static final URI CA = URI.create("https://127.20.0.1:8443");
    private static final String HTTPBIN = "spiffe://cluster.local/ns/full/sa/httpbin";

    @Test
    void looksForTheAuthorityInItsOwnTrustDomain() {
        // When
        var settings = IdentitySettings.parse(CA, HTTPBIN, "httpbin.full", Path.of("token"), Optional.empty());

        // Then
        assertThat(settings.caSpiffeId()).hasToString("spiffe://cluster.local/ns/istio-system/sa/ca-service");
    }

    @Test
    void namesEveryValueThatIsWrong() {
        // When, Then
        assertThatThrownBy(() -> IdentitySettings.parse(CA, "httpbin", "Not A Node", Path.of("t"), Optional.empty()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("spiffe id: httpbin")
                .hasMessageContaining("node id: Not A Node");
    }

    @Test
    void asksNobodyInClear() {
        // Given
        var plain = URI.create("http://127.20.0.1:8443");

        // When, Then
        assertThatThrownBy(() -> IdentitySettings.parse(plain, HTTPBIN, "httpbin.full", Path.of("t"), Optional.empty()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("https://host:port");
    }
}
