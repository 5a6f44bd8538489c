package io.countersign.ca.jointoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ca.CaSettings;
import io.countersign.controlplane.RequestRefused;
import io.countersign.mesh.identity.TrustDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateJoinTokenTest {
    private static final CaSettings SETTINGS = new CaSettings(
            new TrustDomain("cluster.local"),
            List.of(),
            Duration.ofHours(24),
            Path.of("admin"),
            Path.of("kek"),
            new CaSettings.Attestation(Duration.ofDays(7), Duration.ofMinutes(10), Duration.ofHours(24)));

    @Test
    void readsAWholeRequest() {
        // Given
        var body = """
                {"spiffeId": "spiffe://cluster.local/ns/istio-system/sa/policy-service", "nodeId": "policy-service",
                 "dnsNames": ["policy-service.istio-system.svc"], "timeToLive": "PT1H"}""";

        // When
        var request = CreateJoinToken.parse(body, SETTINGS);

        // Then
        assertThat(request.lifetime()).isEqualTo(Duration.ofHours(1));
        assertThat(request.registration().dnsNames()).containsExactly("policy-service.istio-system.svc");
        assertThat(request.registration().nodeId()).hasToString("policy-service");
    }

    @Test
    void livesTenMinutesWhereNothingElseIsSaid() {
        // Given
        var body = "{\"spiffeId\": \"spiffe://cluster.local/ns/full/sa/httpbin\", \"nodeId\": \"httpbin.full\"}";

        // When
        var request = CreateJoinToken.parse(body, SETTINGS);

        // Then
        assertThat(request.lifetime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(request.registration().dnsNames()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "spiffeId | \"http://x\" | spiffeId: spiffe id: http://x",
                "spiffeId | 7 | spiffeId: not a string",
                "spiffeId | null | spiffeId: missing",
                "spiffeId | \"spiffe://elsewhere/a\" | spiffeId: spiffe://elsewhere/a",
                "spiffeId | \"spiffe://cluster.local\" | spiffeId: spiffe://cluster.local",
                "spiffeId | \"spiffe://cluster.local/ns/istio-system/sa/ca-service\" | spiffeId: spiffe://cluster",
                "nodeId | \"A B\" | nodeId: node id: A B",
                "dnsNames | \"one\" | dnsNames: not a list of strings",
                "dnsNames | [1] | dnsNames: not a list of strings",
                "dnsNames | [\"*.svc\"] | dnsNames: *.svc",
                "timeToLive | \"ten minutes\" | timeToLive: not an ISO 8601 duration",
                "timeToLive | \"PT0S\" | timeToLive: PT0S",
                "timeToLive | \"-PT1S\" | timeToLive: PT-1S",
                "timeToLive | \"P2D\" | timeToLive: PT48H",
                "wish | true | wish: unknown field"
            })
    void refusesAFieldThatIsWrong(String field, String value, String problem) {
        // Given: the last of two fields of the same name counts
        var body = "{\"spiffeId\": \"spiffe://cluster.local/a\", \"nodeId\": \"a\", \"" + field + "\": " + value + "}";

        // When, Then
        assertThatThrownBy(() -> CreateJoinToken.parse(body, SETTINGS))
                .isInstanceOfSatisfying(
                        RequestRefused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .startsWith(problem));
    }
}
