package io.countersign.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaConfigurationTest {
    private static final Map<String, String> NECESSARY = Map.of(
            "countersign.ca.trust-domain", "cluster.local",
            "countersign.ca.admin.token-file", "/secrets/admin",
            "countersign.ca.authority.key-encryption-key-file", "/secrets/kek");

    @Test
    void issuesForADayUnlessToldOtherwise() {
        // When
        var settings = settings(Map.of());

        // Then
        assertThat(settings.svidLifetime()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.dnsNames()).isEmpty();
        assertThat(settings.attestation())
                .isEqualTo(
                        new CaSettings.Attestation(Duration.ofDays(7), Duration.ofMinutes(10), Duration.ofHours(24)));
        assertThat(settings.ownSpiffeId()).hasToString("spiffe://cluster.local/ns/istio-system/sa/ca-service");
    }

    @Test
    void takesEveryValueThatCanBeSet() {
        // When
        var settings = settings(Map.of(
                "countersign.ca.issuance.svid-lifetime", "PT30S",
                "countersign.ca.server.dns-names", "ca.one,ca.two",
                "countersign.ca.attestation.expired-grace", "P1D",
                "countersign.ca.attestation.join-token-lifetime", "PT1M",
                "countersign.ca.attestation.join-token-lifetime-max", "PT2M",
                "countersign.ca.http.address", "127.20.0.1",
                "countersign.ca.http.port", "8443",
                "countersign.ca.management.address", "127.20.0.1",
                "countersign.ca.management.port", "8444"));

        // Then
        assertThat(settings.svidLifetime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.dnsNames()).containsExactly("ca.one", "ca.two");
        assertThat(settings.attestation())
                .isEqualTo(
                        new CaSettings.Attestation(Duration.ofDays(1), Duration.ofMinutes(1), Duration.ofMinutes(2)));
    }

    @ParameterizedTest
    @CsvSource({
        "countersign.ca.trust-domain, Cluster.Local, trust domain: Cluster.Local",
        "countersign.ca.issuance.svid-lifetime, PT0S, svid lifetime: PT0S",
        "countersign.ca.issuance.svid-lifetime, P365D, svid lifetime: PT8760H",
        "countersign.ca.attestation.expired-grace, -PT1S, expired grace: PT-1S",
        "countersign.ca.attestation.join-token-lifetime, P2D, join token lifetime: PT48H",
        "countersign.ca.attestation.join-token-lifetime, PT0S, join token lifetime: PT0S",
        "countersign.ca.server.dns-names, *.svc, dns name: *.svc"
    })
    void refusesAValueThatIsWrong(String key, String value, String problem) {
        // When, Then
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith(problem);
    }

    @Test
    void namesAllWrongValuesAtOnce() {
        // Given
        var wrong = Map.of(
                "countersign.ca.issuance.svid-lifetime", "PT1S", "countersign.ca.attestation.expired-grace", "-PT1S");

        // When, Then
        assertThatThrownBy(() -> settings(wrong))
                .hasMessageContaining("svid lifetime")
                .hasMessageContaining("grace");
    }

    @Test
    void doesWithoutNothingThatIsNecessary() {
        // When, Then
        NECESSARY.keySet().forEach(key -> {
            var incomplete = new HashMap<>(NECESSARY);
            incomplete.remove(key);
            assertThatThrownBy(() -> plainConfig(incomplete)).isInstanceOf(ConfigValidationException.class);
        });
    }

    @Test
    void stopsOnAMisspeltKeyOfItsOwn() {
        // When, Then
        assertThatThrownBy(() -> config(Map.of("countersign.ca.isuance.svid-lifetime", "PT1H")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("countersign.ca.isuance.svid-lifetime");
    }

    private static CaSettings settings(Map<String, String> changes) {
        return CaSettings.of(config(changes).getConfigMapping(CaConfig.class));
    }

    private static SmallRyeConfig config(Map<String, String> changes) {
        var values = new HashMap<>(NECESSARY);
        values.putAll(changes);
        return plainConfig(values);
    }

    private static SmallRyeConfig plainConfig(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(CaConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
    }
}
