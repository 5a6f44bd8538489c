package io.countersign.mesh.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceSpec.ServiceSpec;
import io.countersign.mesh.resource.ResourceSpec.TargetPort;
import io.countersign.mesh.resource.ResourceSpec.WorkloadEntrySpec;
import io.countersign.mesh.resource.SpecParser.Parsed;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecParserTest {
    private static final ResourceKey POLICY = ResourceKey.of(ResourceType.POLICY, "full", "httpbin");
    private static final ResourceKey NAMESPACE_POLICY = ResourceKey.of(ResourceType.POLICY, "full", "default");
    private static final ResourceKey MESH_POLICY = ResourceKey.of(ResourceType.MESH_POLICY, "", "default");
    private static final ResourceKey SERVICE = ResourceKey.of(ResourceType.SERVICE, "full", "httpbin");
    private static final ResourceKey WORKLOAD = ResourceKey.of(ResourceType.WORKLOAD_ENTRY, "full", "httpbin");
    private static final ResourceKey PEERS = ResourceKey.of(ResourceType.PEER_AUTHENTICATION, "full", "default");
    private static final ResourceKey RULE = ResourceKey.of(ResourceType.DESTINATION_RULE, "full", "httpbin");
    private static final List<Object> HTTPBIN = List.of(Map.of("name", "httpbin"));

    @Test
    void policyWithoutPeersIsPlaintext() {
        assertThat(mode(POLICY, Map.of("targets", HTTPBIN))).isEqualTo(MtlsMode.DISABLE);
    }

    @Test
    void policyWithNullPeersIsPlaintext() {
        assertThat(mode(POLICY, map("targets", HTTPBIN, "peers", null))).isEqualTo(MtlsMode.DISABLE);
    }

    @Test
    void mtlsWithoutModeIsStrict() {
        assertThat(mode(NAMESPACE_POLICY, Map.of("peers", List.of(Map.of("mtls", Map.of())))))
                .isEqualTo(MtlsMode.STRICT);
    }

    @Test
    void nullMtlsIsStrict() {
        assertThat(mode(NAMESPACE_POLICY, Map.of("peers", List.of(map("mtls", null)))))
                .isEqualTo(MtlsMode.STRICT);
    }

    @Test
    void permissiveModeIsRead() {
        assertThat(mode(MESH_POLICY, Map.of("peers", List.of(Map.of("mtls", Map.of("mode", "PERMISSIVE"))))))
                .isEqualTo(MtlsMode.PERMISSIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "..", "a/b", "Upper", "-a"})
    void anAccountThatMakesNoIdentityIsNamed(String account) {
        assertThat(problems(WORKLOAD, Map.of("address", "127.0.0.2", "serviceAccount", account)))
                .extracting(FieldProblem::path)
                .containsExactly("spec.serviceAccount");
    }

    @Test
    void anEmptyAccountIsTheDefaultOne() {
        assertThat(((WorkloadEntrySpec) valid(WORKLOAD, Map.of("address", "127.0.0.2", "serviceAccount", "")))
                        .serviceAccount())
                .isEqualTo("default");
    }

    @Test
    void unsetModesInherit() {
        assertThat(valid(PEERS, Map.of("mtls", Map.of("mode", "UNSET")))).isEqualTo(peers(Optional.empty(), Map.of()));
        assertThat(valid(PEERS, Map.of())).isEqualTo(peers(Optional.empty(), Map.of()));
    }

    @Test
    void modesOfPortsNeedASelectorAndPortNumbers() {
        assertThat(problems(PEERS, Map.of("portLevelMtls", Map.of("http", Map.of("mode", "STRICT")))))
                .extracting(FieldProblem::message)
                .containsExactly(
                        "not supported: modes of ports need a selector",
                        "invalid value: http (expected: port numbers from 1 to 65535)");
    }

    @ParameterizedTest(name = "{0} in namespace full is {1}")
    @CsvSource({
        "httpbin,      httpbin.full.svc.cluster.local",
        "httpbin.full, httpbin.full",
        "*.local,      *.local",
        "*,            *",
    })
    void aShortHostIsCompletedWithTheRulesNamespace(String host, String complete) {
        assertThat(((DestinationRuleSpec) valid(RULE, Map.of("host", host))).host())
                .isEqualTo(complete);
    }

    @Test
    void aRuleWithoutATlsBlockLeavesItToTheClients() {
        // Given
        var spec = Map.of("host", "httpbin", "trafficPolicy", Map.of("loadBalancer", Map.of("simple", "RANDOM")));

        // When
        var rule = (DestinationRuleSpec) valid(RULE, spec);

        // Then
        assertThat(rule.traffic().orElseThrow().forPort(8000)).isEmpty();
    }

    @Test
    void aPortsSettingsReplaceThoseOfTheDestination() {
        // Given
        var ports = List.of(Map.of("port", Map.of("number", 9000)));
        var traffic = Map.of("tls", Map.of("mode", "ISTIO_MUTUAL"), "portLevelSettings", ports);

        // When
        var rule = (DestinationRuleSpec) valid(RULE, Map.of("host", "httpbin", "trafficPolicy", traffic));

        // Then
        assertThat(rule.traffic().orElseThrow().forPort(8000)).isPresent();
        assertThat(rule.traffic().orElseThrow().forPort(9000)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "mode=MUTUAL | spec.trafficPolicy.tls.clientCertificate",
                "mode=SIMPLE;privateKey=k.pem | spec.trafficPolicy.tls.privateKey",
                "mode=SIMPLE;credentialName=c | spec.trafficPolicy.tls.credentialName",
                "mode=SIMPLE;caCrl=crl.pem | spec.trafficPolicy.tls.caCrl",
                "mode=ISTIO_MUTUAL;caCertificates=ca.pem | spec.trafficPolicy.tls.caCertificates",
            })
    void whatTheModeCannotMeanIsNamed(String tls, String path) {
        // Given
        var fields = Arrays.stream(tls.split(";"))
                .map(field -> field.split("="))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));

        // When
        var problems = problems(RULE, Map.of("host", "httpbin", "trafficPolicy", Map.of("tls", fields)));

        // Then
        assertThat(problems).extracting(FieldProblem::path).contains(path);
    }

    @Test
    void aMeshIdentityIsAskedForByItsSpiffeId() {
        // Given
        var tls = Map.of("mode", "ISTIO_MUTUAL", "subjectAltNames", List.of("httpbin.full"));

        // When
        var problems = problems(RULE, Map.of("host", "httpbin", "trafficPolicy", Map.of("tls", tls)));

        // Then
        assertThat(problems)
                .extracting(FieldProblem::path)
                .containsExactly("spec.trafficPolicy.tls.subjectAltNames[0]");
    }

    @Test
    void everyProblemIsNamedByItsPath() {
        // Given
        var spec = Map.of(
                "targets", List.of(Map.of("ports", List.of(Map.of("number", 70_000)))),
                "peers", List.of(Map.of("mtls", Map.of("mode", "STRICTEST"))),
                "pears", 1);

        // When
        var problems = problems(POLICY, spec);

        // Then
        assertThat(problems)
                .extracting(FieldProblem::path)
                .containsExactlyInAnyOrder(
                        "spec.targets[0].name",
                        "spec.targets[0].ports[0].number",
                        "spec.peers[0].mtls.mode",
                        "spec.pears");
    }

    @Test
    void originsAreRefusedBecauseTheyWouldNotBeChecked() {
        assertThat(problems(NAMESPACE_POLICY, Map.of("origins", List.of(Map.of("jwt", Map.of())))))
                .extracting(FieldProblem::path)
                .containsExactly("spec.origins");
    }

    @Test
    void peerTokenIsRefusedBecauseItWouldNotBeChecked() {
        assertThat(problems(NAMESPACE_POLICY, Map.of("peers", List.of(Map.of("jwt", Map.of())))))
                .extracting(FieldProblem::path)
                .containsExactly("spec.peers[0].jwt");
    }

    @Test
    void onlyTheDefaultPolicyGoesWithoutTargets() {
        assertThat(problems(POLICY, Map.of())).extracting(FieldProblem::path).containsExactly("spec.targets");
        assertThat(problems(NAMESPACE_POLICY, Map.of("targets", HTTPBIN)))
                .extracting(FieldProblem::path)
                .containsExactly("spec.targets");
    }

    @Test
    void theOneMeshPolicyIsNamedDefault() {
        assertThat(problems(ResourceKey.of(ResourceType.MESH_POLICY, "", "other"), Map.of()))
                .extracting(FieldProblem::path)
                .containsExactly("metadata.name");
    }

    @ParameterizedTest
    @MethodSource("badTargetPorts")
    void aTargetPortIsAPortOrTheNameOfOne(Object target) {
        assertThat(problems(SERVICE, Map.of("ports", List.of(Map.of("port", 80, "targetPort", target)))))
                .extracting(FieldProblem::path)
                .containsExactly("spec.ports[0].targetPort");
    }

    static List<Object> badTargetPorts() {
        return List.of(-1, 65_536, 70_000, 4_294_967_376L, "", "8080", "a_b", "-a", "a-", "a--b", "A", "x".repeat(16));
    }

    @Test
    void servicePortTargetsItsOwnNumberByDefault() {
        // When
        var spec = (ServiceSpec) valid(
                SERVICE,
                Map.of(
                        "ports",
                        List.of(
                                Map.of("name", "http", "port", 8000),
                                Map.of("name", "tcp-raw", "port", 9000, "targetPort", "raw"),
                                Map.of("name", "web", "port", 80, "targetPort", 8080, "appProtocol", "HTTPS"))));

        // Then
        assertThat(spec.ports())
                .extracting(ResourceSpec.ServicePort::target)
                .containsExactly(
                        new TargetPort.Numbered(8000), new TargetPort.Named("raw"), new TargetPort.Numbered(8080));
        assertThat(spec.ports()).extracting(ResourceSpec.ServicePort::protocol).containsExactly("http", "tcp", "https");
    }

    @Test
    void protocolIsTheLongestPrefixOfThePortsName() {
        // When
        var spec = (ServiceSpec) valid(
                SERVICE,
                Map.of(
                        "ports",
                        List.of(
                                Map.of("name", "grpc-web-ui", "port", 1),
                                Map.of("name", "http2", "port", 2),
                                Map.of("name", "httpfoo", "port", 3))));

        // Then
        assertThat(spec.ports())
                .extracting(ResourceSpec.ServicePort::protocol)
                .containsExactly("grpc-web", "http2", "");
    }

    @Test
    void aServicesAddressesStandOnceEachInOneForm() {
        // When
        var spec = (ServiceSpec)
                valid(SERVICE, Map.of("clusterIP", "10.1.255.1", "clusterIPs", List.of("10.1.255.1", "FD00::1")));

        // Then
        assertThat(spec.addresses()).containsExactly("10.1.255.1", "fd00:0:0:0:0:0:0:1");
        assertThat(((ServiceSpec) valid(SERVICE, Map.of("clusterIP", "None"))).addresses())
                .isEmpty();
    }

    @Test
    void aServicesAddressIsAnIpAddress() {
        assertThat(problems(SERVICE, Map.of("clusterIPs", List.of("httpbin"))))
                .extracting(FieldProblem::path)
                .containsExactly("spec.clusterIPs");
    }

    @Test
    void workloadIsInTheMeshWhenItsLabelSaysSo() {
        // Given
        var spec = Map.<String, Object>of(
                "address", "127.0.0.9", "labels", Map.of("app", "httpbin", "security.istio.io/tlsMode", "istio"));

        // When
        var workload = (WorkloadEntrySpec) valid(WORKLOAD, spec);

        // Then
        assertThat(workload.proxyDeclared()).isTrue();
        assertThat(workload.serviceAccount()).isEqualTo("default");
    }

    @Test
    void workloadNeedsAnAddress() {
        assertThat(problems(WORKLOAD, Map.of())).extracting(FieldProblem::path).containsExactly("spec.address");
    }

    @Test
    void aSpecThatIsNoObjectIsAProblemOfItsOwn() {
        assertThat(problems(WORKLOAD, "text")).extracting(FieldProblem::path).containsExactly("spec");
    }

    private static PeerAuthenticationSpec peers(Optional<MtlsMode> mode, Map<Integer, MtlsMode> ports) {
        return new PeerAuthenticationSpec(new TreeMap<>(), mode, new TreeMap<>(ports));
    }

    private static MtlsMode mode(ResourceKey key, Map<String, Object> spec) {
        return ((AuthenticationPolicySpec) valid(key, spec)).mode();
    }

    private static ResourceSpec valid(ResourceKey key, Object spec) {
        return switch (SpecParser.parse(key, spec, Map.of())) {
            case Parsed.Valid(var typed) -> typed;
            case Parsed.Invalid(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    private static List<FieldProblem> problems(ResourceKey key, Object spec) {
        return switch (SpecParser.parse(key, spec, Map.of())) {
            case Parsed.Valid(var typed) -> throw new AssertionError("valid: " + typed);
            case Parsed.Invalid(var problems) -> problems;
        };
    }

    /// A map that may hold nulls, as YAML gives them.
    private static Map<String, Object> map(@Nullable Object... entries) {
        var map = new HashMap<String, Object>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put(String.valueOf(entries[i]), entries[i + 1]);
        }
        assertThat(Arrays.asList(entries)).hasSizeGreaterThan(1);
        return map;
    }
}
