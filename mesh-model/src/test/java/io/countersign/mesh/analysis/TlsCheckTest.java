package io.countersign.mesh.analysis;

import static io.countersign.mesh.resource.MtlsMode.DISABLE;
import static io.countersign.mesh.resource.MtlsMode.PERMISSIVE;
import static io.countersign.mesh.resource.MtlsMode.STRICT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.countersign.mesh.analysis.TlsCheck.Refusal;
import io.countersign.mesh.analysis.TlsCheck.Result;
import io.countersign.mesh.analysis.TlsCheck.Row;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TlsCheckTest {
    private static final String HTTPBIN = "httpbin.default.svc.cluster.local";
    private static final ConfigKey SLEEP = ConfigKey.workload("default", "sleep");

    static Stream<Arguments> seeds() {
        var strict = SampleMesh.sleepAndHttpbin()
                .meshPolicy(STRICT)
                .rule("istio-system", "default", "*.local", TlsMode.ISTIO_MUTUAL);
        return Stream.of(
                row(
                        "S1.8: mesh policy and mesh rule agree",
                        strict,
                        "OK STRICT ISTIO_MUTUAL MeshPolicy//default istio-system/default"),
                row(
                        "S1.11: a rule of another client's namespace does not count",
                        strict.rule("legacy", "bad-rule", HTTPBIN, TlsMode.DISABLE),
                        "OK STRICT ISTIO_MUTUAL MeshPolicy//default istio-system/default"),
                row(
                        "S1.13: a plaintext rule over a strict server",
                        strict.rule("default", "bad-rule", HTTPBIN, TlsMode.DISABLE),
                        "CONFLICT STRICT DISABLE MeshPolicy//default default/bad-rule"),
                row(
                        "S3.10: without a rule the client follows the server",
                        SampleMesh.sleepAndHttpbin().target("default", "httpbin", "httpbin", STRICT),
                        "OK STRICT AUTO Policy/default/httpbin -"),
                row(
                        "S3.24: an explicit rule goes before automatic",
                        SampleMesh.sleepAndHttpbin()
                                .target("default", "httpbin", "httpbin", DISABLE)
                                .rule("default", "httpbin-mtls", HTTPBIN, TlsMode.ISTIO_MUTUAL),
                        "CONFLICT DISABLE ISTIO_MUTUAL Policy/default/httpbin default/httpbin-mtls"),
                row(
                        "S4.11: a wildcard rule covers the service that takes plaintext only",
                        SampleMesh.sleepAndHttpbin()
                                .target("default", "disable-mtls", "httpbin", DISABLE)
                                .policy("default", STRICT)
                                .rule("default", "default", "*.local", TlsMode.ISTIO_MUTUAL),
                        "CONFLICT DISABLE ISTIO_MUTUAL Policy/default/disable-mtls default/default"),
                row(
                        "a rule without tls leaves it to the client",
                        SampleMesh.sleepAndHttpbin().meshPolicy(STRICT).ruleWithoutTls("default", "pool", HTTPBIN),
                        "OK STRICT AUTO MeshPolicy//default default/pool"),
                row("no policy: the mesh's default mode", SampleMesh.sleepAndHttpbin(), "OK PERMISSIVE AUTO - -"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seeds")
    void showsWhatHolds(String rule, SampleMesh mesh, String expected) {
        // When
        var row = only(mesh, SLEEP);

        // Then
        assertThat(cells(row)).as(rule).isEqualTo(expected);
        assertThat(row.why()).isNotEmpty();
    }

    @ParameterizedTest(name = "{0} over {1}: {2}")
    @CsvSource({
        "DISABLE,      DISABLE,    OK",
        "DISABLE,      PERMISSIVE, OK",
        "DISABLE,      STRICT,     CONFLICT",
        "SIMPLE,       DISABLE,    CONFLICT",
        "SIMPLE,       PERMISSIVE, CONFLICT",
        "SIMPLE,       STRICT,     CONFLICT",
        "MUTUAL,       DISABLE,    CONFLICT",
        "MUTUAL,       PERMISSIVE, CONFLICT",
        "MUTUAL,       STRICT,     CONFLICT",
        "ISTIO_MUTUAL, DISABLE,    CONFLICT",
        "ISTIO_MUTUAL, PERMISSIVE, OK",
        "ISTIO_MUTUAL, STRICT,     OK"
    })
    void comparesModes(TlsMode client, MtlsMode server, TlsCheck.Status expected) {
        // Given
        var mesh = SampleMesh.sleepAndHttpbin().meshPolicy(server).rule("default", "rule", HTTPBIN, client);

        // When
        var row = only(mesh, SLEEP);

        // Then
        assertThat(row.status()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"DISABLE", "PERMISSIVE", "STRICT"})
    void automaticNeverConflicts(MtlsMode server) {
        // When
        var row = only(SampleMesh.sleepAndHttpbin().meshPolicy(server), SLEEP);

        // Then
        assertThat(row.automatic()).isTrue();
        assertThat(row.status()).isEqualTo(TlsCheck.Status.OK);
    }

    @Test
    void plaintextIsSentWhenAutomaticMutualTlsIsOff() {
        // Given
        var mesh = SampleMesh.automatic(false)
                .meshed("default", "sleep")
                .service("default", "httpbin", 8000)
                .meshPolicy(STRICT);

        // When
        var row = only(mesh, SLEEP);

        // Then
        assertThat(cells(row)).as("S3.25").isEqualTo("CONFLICT STRICT DISABLE MeshPolicy//default -");
        assertThat(row.why()).anyMatch(why -> why.contains("no workload is behind"));
    }

    @Test
    void winnersAndLosersAreNamed() {
        // Given
        var mesh = SampleMesh.sleepAndHttpbin()
                .meshPolicy(PERMISSIVE)
                .policy("default", STRICT)
                .rule("istio-system", "default", "*.local", TlsMode.ISTIO_MUTUAL)
                .rule("default", "bad-rule", HTTPBIN, TlsMode.DISABLE);

        // When
        var row = only(mesh, SLEEP);

        // Then
        assertThat(row.why())
                .containsExactly(
                        "the server takes STRICT: Policy default in default, for the namespace",
                        "it goes before MeshPolicy default, for the mesh, which says PERMISSIVE",
                        "it goes before the mesh's default mode, which says PERMISSIVE",
                        "the client sends DISABLE: DestinationRule bad-rule in default, for host " + HTTPBIN,
                        "it goes before DestinationRule default in istio-system, for host *.local,"
                                + " which says ISTIO_MUTUAL");
    }

    @Test
    void narrowestModeIsShownWhereWorkloadsDiffer() {
        // Given
        var mesh = SampleMesh.sleepAndHttpbin()
                .workload("default", "httpbin-2", "httpbin", true)
                .peers("default", "second", "httpbin-2", STRICT, Map.of());

        // When
        var row = only(mesh, SLEEP);

        // Then
        assertThat(cells(row)).isEqualTo("OK STRICT AUTO PeerAuthentication/default/second -");
        assertThat(row.why().getFirst())
                .isEqualTo("the service's workloads differ: STRICT at httpbin-2; PERMISSIVE at httpbin;"
                        + " STRICT, the narrowest, is shown");
    }

    @Test
    void narrowerOfTwoServicesOnOnePortIsShown() {
        // Given
        var mesh = SampleMesh.sleepAndHttpbin()
                .service("default", "other", "httpbin", 80, 8000)
                .target("default", "other", "other", STRICT);

        // When
        var rows = rows(mesh, SLEEP);

        // Then
        assertThat(rows).extracting(Row::host, Row::server).contains(tuple(HTTPBIN, STRICT));
        assertThat(rows.getFirst().why()).anyMatch(why -> why.startsWith("Service other in default leads to the same"));
    }

    @Test
    void clientWithoutProxyIsTold() {
        // Given
        var mesh =
                SampleMesh.empty().workload("legacy", "sleep", "sleep", false).service("default", "httpbin", 8000);

        // When
        var row = only(mesh, ConfigKey.workload("legacy", "sleep"));

        // Then
        assertThat(row.why().getFirst()).startsWith("the client has no proxy");
    }

    @Test
    void rowsComeByHostAndPort() {
        // Given
        var mesh = SampleMesh.sleepAndHttpbin().service("legacy", "b", 80).service("default", "a", 80);

        // When
        var rows = rows(mesh, SLEEP);

        // Then
        assertThat(rows)
                .extracting(Row::host)
                .containsExactly("a.default.svc.cluster.local", "b.legacy.svc.cluster.local", HTTPBIN);
    }

    @ParameterizedTest
    @CsvSource({"httpbin", "httpbin.default", "httpbin.default.svc", HTTPBIN})
    void oneServiceIsFoundByEachOfItsNames(String host) {
        // Given
        var mesh = SampleMesh.sleepAndHttpbin().service("legacy", "httpbin", 80);

        // When
        var result = TlsCheck.of(mesh.state(), SLEEP, Optional.of(host));

        // Then
        assertThat(((Result.Checked) result).rows()).extracting(Row::host).containsExactly(HTTPBIN);
    }

    @Test
    void unknownClientIsRefusedWithWhatIsThere() {
        // When
        var result = TlsCheck.of(
                SampleMesh.sleepAndHttpbin().state(), ConfigKey.workload("default", "slep"), Optional.empty());

        // Then
        assertThat(result)
                .isEqualTo(new Result.Refused(
                        Refusal.UNKNOWN_CLIENT, "workload: slep in default (expected: httpbin, sleep)"));
    }

    @Test
    void unknownServiceIsRefused() {
        // When
        var result = TlsCheck.of(SampleMesh.sleepAndHttpbin().state(), SLEEP, Optional.of("htpbin"));

        // Then
        assertThat(((Result.Refused) result).reason()).isEqualTo(Refusal.UNKNOWN_SERVICE);
    }

    private static Arguments row(String rule, SampleMesh mesh, String expected) {
        return Arguments.of(rule, mesh, expected);
    }

    private static Row only(SampleMesh mesh, ConfigKey client) {
        return rows(mesh, client).getFirst();
    }

    private static List<Row> rows(SampleMesh mesh, ConfigKey client) {
        return ((Result.Checked) TlsCheck.of(mesh.state(), client, Optional.empty())).rows();
    }

    private static String cells(Row row) {
        return String.join(
                " ",
                row.status().name(),
                row.server().name(),
                row.client().name(),
                row.authenticationPolicy()
                        .map(key -> key.type().kind() + "/" + key.namespace() + "/" + key.name())
                        .orElse("-"),
                row.destinationRule().map(TlsCheckTest::place).orElse("-"));
    }

    private static String place(ResourceKey key) {
        return key.namespace() + "/" + key.name();
    }
}
