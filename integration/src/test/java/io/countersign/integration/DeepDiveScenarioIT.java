package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.RunningMesh;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The mutual TLS deep-dive: the whole mesh takes mutual TLS only, and `csign` says whether clients fit.
@InPods
class DeepDiveScenarioIT {
    private static final String HTTPBIN = "httpbin.default.svc.cluster.local";
    private static final String PLACE = HTTPBIN + ":8000";
    private static final String CLIENT = "sleep.default";

    private final RunningMesh mesh;

    DeepDiveScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @BeforeAll
    static void strict(RunningMesh mesh) {
        mesh.kubectl("apply", "-f", "samples/policies/mesh-strict.yaml").orFail();
        mesh.csign("wait", "meshpolicy/default").orFail();
        mesh.csign("wait", "destinationrule/default", "-n", "istio-system").orFail();
    }

    @AfterAll
    static void permissive(RunningMesh mesh) {
        mesh.kubectl("delete", "destinationrule", "default", "-n", "istio-system")
                .orFail();
        mesh.kubectl("apply", "-f", "samples/manifests/mesh.yaml").orFail();
        mesh.csign("wait", "meshpolicy/default").orFail();
    }

    @AfterEach
    void withoutRules() {
        mesh.kubectl("delete", "destinationrule", "--ignore-not-found=true", "bad-rule")
                .orFail();
        mesh.kubectl("delete", "destinationrule", "--ignore-not-found=true", "default", "-n", "bookinfo")
                .orFail();
        awaitCode("200");
    }

    @Test
    @DisplayName("S1.7, S1.8 the table is istioctl's")
    void theTableIsIstioctls() {
        // When
        var table = TlsCheckTable.of(mesh, CLIENT, HTTPBIN);

        // Then
        assertThat(table.header())
                .containsExactly("HOST:PORT", "STATUS", "SERVER", "CLIENT", "AUTHN POLICY", "DESTINATION RULE");
        assertThat(table.rows())
                .containsExactly(List.of(PLACE, "OK", "mTLS", "mTLS", "default/", "default/istio-system"));
    }

    @Test
    @DisplayName("S1.9 without a service all are checked, in order")
    void withoutAServiceAllAreCheckedInOrder() {
        assertThat(TlsCheckTable.of(mesh, CLIENT).rows())
                .extracting(List::getFirst)
                .containsSubsequence(
                        "details.bookinfo.svc.cluster.local:9080",
                        "echo.tcp.svc.cluster.local:9000",
                        PLACE,
                        "httpbin.full.svc.cluster.local:8000",
                        "reviews.bookinfo.svc.cluster.local:9080")
                .isSorted()
                .hasSize(12);
    }

    @Test
    @DisplayName("S1.10 the client must be named")
    void theClientMustBeNamed() {
        // When
        var refused = mesh.csign("authn", "tls-check");

        // Then
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.errors()).contains("tls-check requires pod name");
    }

    @Test
    @DisplayName("S1.11 a client in another namespace sees another rule")
    void aClientInAnotherNamespaceSeesAnotherRule() {
        // When
        mesh.apply("bookinfo", """
                apiVersion: networking.istio.io/v1alpha3
                kind: DestinationRule
                metadata:
                  name: default
                spec:
                  host: "*.local"
                  trafficPolicy:
                    tls:
                      mode: ISTIO_MUTUAL
                """).orFail();
        mesh.awaitDistributed("bookinfo", "destinationrule/default");

        // Then
        assertThat(TlsCheckTable.of(mesh, "productpage-v1.bookinfo", HTTPBIN).rows())
                .containsExactly(List.of(PLACE, "OK", "mTLS", "mTLS", "default/", "default/bookinfo"));
        assertThat(TlsCheckTable.of(mesh, CLIENT, HTTPBIN).rows())
                .containsExactly(List.of(PLACE, "OK", "mTLS", "mTLS", "default/", "default/istio-system"));
    }

    @Test
    @DisplayName("S1.12 to S1.16, S1.21 a rule against the policy is a conflict and 503, until it is deleted")
    void aRuleAgainstThePolicyIsAConflictUntilItIsDeleted() {
        // Given
        awaitCode("200");

        // When
        assertThat(mesh.kubectl("apply", "-f", "samples/policies/bad-rule.yaml").orFail())
                .contains("bad-rule created");
        mesh.csign("wait", "destinationrule/bad-rule").orFail();

        // Then
        assertThat(TlsCheckTable.of(mesh, CLIENT, HTTPBIN).rows())
                .containsExactly(List.of(PLACE, "CONFLICT", "mTLS", "HTTP", "default/", "bad-rule/default"));
        // A connection that was allowed before may take one more request while it is drained.
        awaitCode("503");
        var analysis = mesh.csign("analyze");
        assertThat(analysis.exitCode()).isEqualTo(1);
        assertThat(analysis.output()).contains("ERROR", "DestinationRule bad-rule/default");

        // When
        deleteBadRule().orFail();
        deleteBadRule().orFail();

        // Then
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                TlsCheckTable.of(mesh, CLIENT, HTTPBIN).rows())
                        .containsExactly(List.of(PLACE, "OK", "mTLS", "mTLS", "default/", "default/istio-system")));
        awaitCode("200");
    }

    @Test
    void whyNamesWhatWonAndWhatLost() {
        // Given
        mesh.kubectl("apply", "-f", "samples/policies/bad-rule.yaml").orFail();
        mesh.csign("wait", "destinationrule/bad-rule").orFail();

        // When
        var why = mesh.csign("authn", "tls-check", CLIENT, HTTPBIN, "--why").orFail();

        // Then
        assertThat(why.lines().map(String::strip))
                .anyMatch(line -> line.startsWith("the server takes STRICT: MeshPolicy default"))
                .anyMatch(line ->
                        line.startsWith("the client sends DISABLE: DestinationRule") && line.contains("bad-rule"))
                .anyMatch(line -> line.startsWith("it goes before DestinationRule")
                        && line.contains("istio-system")
                        && line.endsWith("which says ISTIO_MUTUAL"));
    }

    private Command.Result deleteBadRule() {
        return mesh.kubectl("delete", "destinationrule", "--ignore-not-found=true", "bad-rule");
    }

    /// What sleep's application is answered by httpbin, or in its place.
    private void awaitCode(String expected) {
        Awaitility.await().untilAsserted(() -> assertThat(code()).isEqualTo(expected));
    }

    private String code() {
        return mesh.exec(
                        CLIENT + "/app",
                        "curl",
                        "httpbin:8000/headers",
                        "-o",
                        "/dev/null",
                        "-s",
                        "-w",
                        "%{http_code}\n")
                .orFail()
                .strip();
    }
}
