package io.countersign.mesh.analysis;

import static io.countersign.mesh.analysis.FindingCode.POLICY_IGNORED_IN_ROOT;
import static io.countersign.mesh.analysis.FindingCode.POLICY_SHADOWED;
import static io.countersign.mesh.analysis.FindingCode.POLICY_WITHOUT_PORT;
import static io.countersign.mesh.analysis.FindingCode.POLICY_WITHOUT_SERVICE;
import static io.countersign.mesh.analysis.FindingCode.POLICY_WITHOUT_WORKLOAD;
import static io.countersign.mesh.analysis.FindingCode.PORT_WITHOUT_SERVICE;
import static io.countersign.mesh.analysis.FindingCode.RULE_HOST_IS_SHORT;
import static io.countersign.mesh.analysis.FindingCode.RULE_MUTUAL_TO_PLAINTEXT;
import static io.countersign.mesh.analysis.FindingCode.RULE_MUTUAL_WITHOUT_PROXY;
import static io.countersign.mesh.analysis.FindingCode.RULE_PLAINTEXT_TO_STRICT;
import static io.countersign.mesh.analysis.FindingCode.RULE_SHADOWED;
import static io.countersign.mesh.analysis.FindingCode.RULE_WITHOUT_SERVICE;
import static io.countersign.mesh.analysis.FindingCode.RULE_WITHOUT_TLS;
import static io.countersign.mesh.analysis.FindingCode.SERVICES_DISAGREE;
import static io.countersign.mesh.resource.MtlsMode.DISABLE;
import static io.countersign.mesh.resource.MtlsMode.PERMISSIVE;
import static io.countersign.mesh.resource.MtlsMode.STRICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnalysisTest {
    private static final String HTTPBIN = "httpbin.default.svc.cluster.local";

    static Stream<Arguments> destinationRules() {
        var mesh = SampleMesh.sleepAndHttpbin();
        var strict = mesh.meshPolicy(STRICT);
        return Stream.of(
                row(
                        "a plaintext rule over a strict service",
                        strict.rule("default", "r", HTTPBIN, TlsMode.DISABLE),
                        RULE_PLAINTEXT_TO_STRICT,
                        "DestinationRule default/r",
                        "makes clients send DISABLE where only mutual TLS is taken, so requests fail: " + HTTPBIN
                                + ":8000"),
                row(
                        "a SIMPLE rule over a strict service",
                        strict.rule("default", "r", HTTPBIN, TlsMode.SIMPLE),
                        RULE_PLAINTEXT_TO_STRICT,
                        "DestinationRule default/r",
                        "send SIMPLE"),
                row(
                        "a rule without tls over a strict service",
                        strict.ruleWithoutTls("default", "r", HTTPBIN),
                        RULE_WITHOUT_TLS,
                        "DestinationRule default/r",
                        "mutual TLS goes on by itself: " + HTTPBIN),
                row(
                        "a wildcard mutual rule over a plaintext service",
                        mesh.meshPolicy(DISABLE).rule("default", "r", "*.local", TlsMode.ISTIO_MUTUAL),
                        RULE_MUTUAL_TO_PLAINTEXT,
                        "DestinationRule default/r",
                        "where only plaintext is taken, so requests fail: " + HTTPBIN),
                row(
                        "a wildcard mutual rule over workloads without a proxy",
                        mesh.workload("legacy", "old", "old", false)
                                .service("legacy", "old", 80)
                                .rule("istio-system", "r", "*.local", TlsMode.ISTIO_MUTUAL),
                        RULE_MUTUAL_WITHOUT_PROXY,
                        "DestinationRule istio-system/r",
                        "without a proxy, where requests fail: old.legacy"),
                row(
                        "a rule for a host that is no service",
                        mesh.rule("default", "r", "gone.default.svc.cluster.local", TlsMode.DISABLE),
                        RULE_WITHOUT_SERVICE,
                        "DestinationRule default/r",
                        "gone.default.svc.cluster.local is no service"),
                row(
                        "a short host with a dot",
                        mesh.rule("legacy", "r", "httpbin.default", TlsMode.DISABLE),
                        RULE_HOST_IS_SHORT,
                        "DestinationRule legacy/r",
                        "(expected: " + HTTPBIN + ")"),
                row(
                        "two rules for one host in one namespace",
                        mesh.rule("default", "b", HTTPBIN, TlsMode.ISTIO_MUTUAL)
                                .rule("default", "a", HTTPBIN, TlsMode.DISABLE),
                        RULE_SHADOWED,
                        "DestinationRule default/a",
                        "DestinationRule b in default is for the same host and goes first"));
    }

    static Stream<Arguments> policiesThatAreForNothing() {
        var mesh = SampleMesh.sleepAndHttpbin();
        return Stream.of(
                row(
                        "a policy that targets no service",
                        mesh.target("default", "p", "htpbin", STRICT),
                        POLICY_WITHOUT_SERVICE,
                        "Policy default/p",
                        "target htpbin is no service of namespace default"),
                row(
                        "a policy that targets no port of its service",
                        mesh.target("default", "p", "httpbin", STRICT, 8080),
                        POLICY_WITHOUT_PORT,
                        "Policy default/p",
                        "Service httpbin in default has no port 8080"),
                row(
                        "a policy that selects no workload",
                        mesh.peers("default", "p", "gone", STRICT, Map.of()),
                        POLICY_WITHOUT_WORKLOAD,
                        "PeerAuthentication default/p",
                        "selects no workload of namespace default: {name=gone}"),
                row(
                        "a selector in the root namespace",
                        mesh.peers("istio-system", "p", "httpbin", STRICT, Map.of()),
                        POLICY_IGNORED_IN_ROOT,
                        "PeerAuthentication istio-system/p",
                        "is ignored"),
                row(
                        "a port mode where no service leads",
                        mesh.peers("default", "p", "httpbin", PERMISSIVE, Map.of(9999, STRICT)),
                        PORT_WITHOUT_SERVICE,
                        "PeerAuthentication default/p",
                        "portLevelMtls 9999: no service leads"));
    }

    static Stream<Arguments> policiesThatMeet() {
        var mesh = SampleMesh.sleepAndHttpbin();
        return Stream.of(
                row(
                        "two policies for one service port",
                        mesh.target("default", "b", "httpbin", STRICT).target("default", "a", "httpbin", DISABLE),
                        POLICY_SHADOWED,
                        "Policy default/a",
                        "Policy b in default goes first, as both target the same port: httpbin:8000"),
                row(
                        "two policies for one workload",
                        mesh.peers("default", "b", "httpbin", STRICT, Map.of())
                                .peers("default", "a", "httpbin", DISABLE, Map.of()),
                        POLICY_SHADOWED,
                        "PeerAuthentication default/a",
                        "PeerAuthentication b in default goes first, as both select the same workload: httpbin"),
                row(
                        "policies of both kinds for one namespace",
                        mesh.policy("default", STRICT).peers("default", "p", PERMISSIVE),
                        POLICY_SHADOWED,
                        "Policy default/default",
                        "PeerAuthentication p in default goes first, as both are for the whole of: default"),
                row(
                        "policies of both kinds for the mesh",
                        mesh.meshPolicy(STRICT).peers("istio-system", "p", PERMISSIVE),
                        POLICY_SHADOWED,
                        "MeshPolicy /default",
                        "PeerAuthentication p in istio-system goes first"),
                row(
                        "two services on one port with different modes",
                        mesh.service("default", "other", "httpbin", 80, 8000).target("default", "p", "other", STRICT),
                        SERVICES_DISAGREE,
                        "Service default/httpbin",
                        "with Service other in default, which asks for more: STRICT holds for both"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"destinationRules", "policiesThatAreForNothing", "policiesThatMeet"})
    void finds(String rule, SampleMesh mesh, FindingCode code, String resource, String message) {
        // When
        var findings = Analysis.of(mesh.state());

        // Then
        assertThat(findings).as(rule).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(place(finding)).isEqualTo(resource);
            assertThat(finding.message()).contains(message);
        });
    }

    static Stream<Arguments> soundMeshes() {
        var mesh = SampleMesh.sleepAndHttpbin().meshPolicy(STRICT);
        return Stream.of(
                Arguments.of("no rule", mesh),
                Arguments.of("a mutual rule", mesh.rule("default", "r", HTTPBIN, TlsMode.ISTIO_MUTUAL)),
                Arguments.of(
                        "a plaintext rule over a permissive service",
                        mesh.policy("default", PERMISSIVE).rule("default", "r", HTTPBIN, TlsMode.DISABLE)),
                Arguments.of(
                        "a policy for the namespace and one for a target",
                        mesh.policy("default", PERMISSIVE).target("default", "p", "httpbin", STRICT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("soundMeshes")
    void soundMeshHasNoFindings(String rule, SampleMesh mesh) {
        // When
        var findings = Analysis.of(mesh.state());

        // Then
        assertThat(findings).as(rule).isEmpty();
    }

    @Test
    void plaintextRuleThatAnotherGoesBeforeIsNotBlamed() {
        // Given
        var mesh = SampleMesh.sleepAndHttpbin()
                .meshPolicy(STRICT)
                .rule("istio-system", "mesh", "*.local", TlsMode.DISABLE)
                .rule("default", "own", HTTPBIN, TlsMode.ISTIO_MUTUAL);

        // When
        var findings = Analysis.of(mesh.state());

        // Then
        assertThat(findings).isEmpty();
    }

    @Test
    void gravestComesFirst() {
        // Given
        var mesh = SampleMesh.sleepAndHttpbin()
                .meshPolicy(STRICT)
                .target("default", "p", "gone", STRICT)
                .ruleWithoutTls("legacy", "info", "*.local")
                .rule("default", "error", HTTPBIN, TlsMode.DISABLE);

        // When
        var findings = Analysis.of(mesh.state());

        // Then
        assertThat(findings)
                .extracting(Finding::code)
                .containsExactly(RULE_PLAINTEXT_TO_STRICT, POLICY_WITHOUT_SERVICE, RULE_WITHOUT_TLS);
    }

    @Test
    void everyCodeIsDescribed() throws IOException {
        // When
        var described = Files.readString(Path.of("..", "docs", "analysis.md"));

        // Then
        assertThat(Arrays.stream(FindingCode.values()).map(code -> "| " + code.code() + " | " + code.severity() + " |"))
                .doesNotHaveDuplicates()
                .allMatch(described::contains);
    }

    @Test
    void undefinedMeshHasNoFindings() {
        // When
        var findings = Analysis.of(MeshState.EMPTY);

        // Then
        assertThat(findings).isEqualTo(List.of());
    }

    private static Arguments row(String rule, SampleMesh mesh, FindingCode code, String resource, String message) {
        return Arguments.of(rule, mesh, code, resource, message);
    }

    private static String place(Finding finding) {
        var key = finding.resource();
        return key.type().kind() + " " + key.namespace() + "/" + key.name();
    }
}
