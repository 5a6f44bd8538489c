package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// csign against a server that speaks as the mesh does.
class CsignIT {
    private static final String HTTPBIN = "httpbin.default.svc.cluster.local";
    private static final String ALL = "/v1/tls-checks?workload=default%2Fsleep";

    @TempDir
    private Path folder;

    private StubMesh mesh;

    @BeforeEach
    void start() throws Exception {
        mesh = new StubMesh();
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "S1.8,  OK,       STRICT,     ISTIO_MUTUAL, default,  istio-system, mTLS,      mTLS",
        "S1.13, CONFLICT, STRICT,     DISABLE,      bad-rule, default,      mTLS,      HTTP",
        "S3,    OK,       PERMISSIVE, AUTO,         pool,     default,      HTTP/mTLS, mTLS",
        "S3,    OK,       DISABLE,    AUTO,         pool,     default,      HTTP,      HTTP",
        "TLS,   CONFLICT, STRICT,     SIMPLE,       pool,     default,      mTLS,      TLS",
        "files, CONFLICT, STRICT,     MUTUAL,       pool,     default,      mTLS,      custom mTLS"
    })
    void tlsCheckPrintsTheSeedsTable(
            String row,
            String status,
            String server,
            String client,
            String rule,
            String ruleNamespace,
            String serverCell,
            String clientCell) {
        // Given
        mesh.answers(
                ALL + "&service=" + HTTPBIN, 200, """
                {"client":"default/sleep","rows":[{"host":"%s","port":8000,"status":"%s","server":"%s","client":"%s",
                 "automatic":false,"authenticationPolicy":{"kind":"MeshPolicy","namespace":"","name":"default"},
                 "destinationRule":{"kind":"DestinationRule","namespace":"%s","name":"%s"},
                 "why":["because"],"actual":null}]}
                """.formatted(HTTPBIN, status, server, client, ruleNamespace, rule));

        // When
        var run = csign("authn", "tls-check", "sleep.default", HTTPBIN);

        // Then
        assertThat(run.code()).isZero();
        assertThat(run.cells())
                .as(row)
                .containsExactly(
                        List.of("HOST:PORT", "STATUS", "SERVER", "CLIENT", "AUTHN POLICY", "DESTINATION RULE"),
                        List.of(
                                HTTPBIN + ":8000",
                                status,
                                serverCell,
                                clientCell,
                                "default/",
                                rule + "/" + ruleNamespace));
    }

    @Test
    void tlsCheckShowsWhyAndWhatIsLoaded() {
        // Given
        mesh.answers(ALL + "&actual=true", 200, """
                {"client":"default/sleep","rows":[{"host":"%s","port":8000,"status":"OK","server":"STRICT",
                 "client":"AUTO","automatic":true,"authenticationPolicy":null,"destinationRule":null,
                 "why":["first","second"],"actual":{"client":"MUTUAL_TLS","server":"STRICT","agrees":true}}]}
                """.formatted(HTTPBIN));

        // When
        var run = csign("authn", "tls-check", "sleep", "-n", "default", "--why", "--actual");

        // Then
        assertThat(run.cells().get(1))
                .containsExactly(HTTPBIN + ":8000", "OK", "mTLS", "mTLS", "-", "-", "STRICT", "MUTUAL_TLS", "yes");
        assertThat(run.out().lines()).endsWith("", HTTPBIN + ":8000", "  first", "  second");
    }

    @ParameterizedTest
    @CsvSource({"sleep.default", "sleep", "sleep.default -n default", "sleep -n default"})
    void workloadIsTakenInEachOfItsForms(String words) {
        // When
        csign(("authn tls-check " + words).split(" "));

        // Then
        assertThat(mesh.asked()).containsExactly(ALL);
    }

    @Test
    void refusalIsToldInTheServersWords() {
        // Given
        mesh.answers(ALL, 404, """
                {"type":"about:blank","title":"Not Found","status":404,"detail":"workload: sleep in default"}
                """);

        // When
        var run = csign("authn", "tls-check", "sleep");

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.err()).isEqualToIgnoringNewLines("error: workload: sleep in default");
    }

    @Test
    void textOfOthersCommandsNoTerminal() {
        // Given
        mesh.answers(ALL, 404, """
                {"detail":"workload: \\u001b[2J\\u009b1m\\u202e"}
                """);
        mesh.answers("/v1/nodes", 200, """
                {"nodes":[{"node":"d.full","rejected":{"rules/full":"\\u001b[2J\\u009b1m\\nforged"}}]}
                """);

        // When
        var refused = csign("authn", "tls-check", "sleep");
        var table = csign("proxy-status");
        var json = csign("proxy-status", "-o", "json");

        // Then
        assertThat(refused.err()).isEqualToIgnoringNewLines("error: workload: \\u001b[2J\\u009b1m\\u202e");
        assertThat(table.out().lines()).endsWith("d.full rejects rules/full: \\u001b[2J\\u009b1m\\u000aforged");
        assertThat(json.out()).containsIgnoringCase("\\u001b[2J\\u009b1m\\nforged");
    }

    @Test
    void nodesAreShownWithWhatTheyReject() {
        // Given
        mesh.answers("/v1/nodes", 200, """
                {"end":9,"topicId":"t","nodes":[
                 {"node":"a.full","workloads":["full/a"],"position":9,"behind":0,"trustSequence":1,
                  "certificateExpiry":"2026-01-02T00:00:00Z","silent":false,"rejected":{}},
                 {"node":"b.full","workloads":[],"behind":2,"silent":false,"rejected":{}},
                 {"node":"c.full","workloads":[],"behind":2,"silent":true,"rejected":{}},
                 {"node":"d.full","workloads":[],"behind":0,"silent":false,"rejected":{"rules/full":"no file"}}]}
                """);

        // When
        var run = csign("proxy-status");

        // Then
        assertThat(run.cells().stream()
                        .skip(1)
                        .map(cells -> cells.get(0) + " " + cells.get(1))
                        .limit(4))
                .containsExactly("a.full SYNCED", "b.full STALE", "c.full SILENT", "d.full REJECTED");
        assertThat(run.out().lines()).endsWith("d.full rejects rules/full: no file");
    }

    @Test
    void clustersAreShownByEndpoint() {
        // Given
        mesh.answers("/v1/nodes/sleep.full/clusters", 200, """
                {"client":"full/sleep","clusters":[
                 {"host":"a","port":80,"rule":null,"mode":"AUTO","endpoints":[
                  {"address":"127.0.0.2:80","workload":"full/a","tls":"MUTUAL_TLS"}]},
                 {"host":"b","port":81,"rule":"full/r","mode":"DISABLE","endpoints":[],"reason":"no endpoint is ready"}]}
                """);

        // When
        var run = csign("proxy-config", "clusters", "sleep", "-n", "full");

        // Then
        assertThat(run.cells().stream().skip(1))
                .containsExactly(
                        List.of("a:80", "AUTO", "-", "127.0.0.2:80", "MUTUAL_TLS", "full/a"),
                        List.of("b:81", "DISABLE", "full/r", "-", "-", "no endpoint is ready"));
    }

    @Test
    void listenersAndSecretsAreShown() {
        // Given
        mesh.answers("/v1/nodes/a/listeners", 200, """
                {"listeners":[{"direction":"INBOUND","address":"127.0.0.2:80","port":80,"mode":"STRICT"}]}
                """);
        mesh.answers("/v1/nodes/a/secrets", 200, """
                {"certificate":{"serial":"1f","spiffeId":"spiffe://a","notAfter":"t1"},
                 "trust":{"authorities":[{"id":"x","state":"ACTIVE","subject":"CN=x","notAfter":"t2"}]}}
                """);

        // When
        var cells = Stream.of("listeners", "secrets")
                .flatMap(page ->
                        csign("proxy-config", page, "a").cells().stream().skip(1));

        // Then
        assertThat(cells)
                .containsExactly(
                        List.of("127.0.0.2:80", "80", "INBOUND", "STRICT"),
                        List.of("certificate 1f", "IN USE", "t1", "spiffe://a"),
                        List.of("authority x", "ACTIVE", "t2", "CN=x"));
    }

    @Test
    void liveFindingsEndWithOneOnError() {
        // Given
        mesh.answers("/v1/analysis", 200, """
                {"findings":[{"code":"CSN0101","severity":"ERROR","message":"m",
                 "resource":{"kind":"DestinationRule","namespace":"full","name":"r"}}]}
                """);

        // When
        var run = csign("analyze");

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.cells().getLast()).containsExactly("ERROR", "CSN0101", "DestinationRule r/full", "m");
    }

    @Test
    void waitTellsProgressUntilThePresentGenerationIsInForce() {
        // Given
        var path = "/apis/authentication.istio.io/v1alpha1/namespaces/full/policies/httpbin";
        mesh.answers(path, 200, policy(2, 1, "True", "in force on 2 nodes"));
        mesh.answers(path, 200, policy(2, 2, "False", "in force on 1 of 2 nodes; behind: sleep.full"));
        mesh.answers(path, 200, policy(2, 2, "True", "in force on 2 nodes"));

        // When
        var run = csign("wait", "policy/httpbin", "-n", "full");

        // Then
        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "generation 2 is not distributed yet",
                        "in force on 1 of 2 nodes; behind: sleep.full",
                        "policy/httpbin condition met: in force on 2 nodes");
    }

    @Test
    void waitEndsAtTheTimeoutWithTheReason() {
        // Given
        mesh.answers(
                "/apis/networking.istio.io/v1/namespaces/default/destinationrules/r",
                200,
                policy(1, 1, "False", "rejected by a.full (rules/default: no file)"));

        // When
        var run = csign("wait", "dr/r", "--timeout", "0s");

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.err()).contains("timed out waiting for dr/r: rejected by a.full (rules/default: no file)");
    }

    @Test
    void resourceThatIsMissingEndsTheWait() {
        // Given
        mesh.answers("/apis/authentication.istio.io/v1alpha1/meshpolicies/default", 404, """
                {"kind":"Status","message":"meshpolicies.authentication.istio.io \\"default\\" not found"}
                """);

        // When
        var run = csign("wait", "meshpolicies.authentication.istio.io/default");

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.err()).contains("\"default\" not found");
    }

    @Test
    void adoptShowsWhatDiffersAndChangesNothingUnlessItIsConfirmed() {
        // Given
        var report = """
                {"history":"h-2","doubt":"countersign.resources ends with record 8 of history h-1",
                 "differences":[{"topic":"countersign.resources","key":"/Service/full/lost","effect":"WITHDRAWN"}]}
                """;
        mesh.answers("/v1/history", 200, report).answers("/v1/history/adoption", 200, report);

        // When
        var shown = csign("mesh", "adopt", "policy-service");

        // Then
        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .contains("countersign.resources ends with record 8", "WITHDRAWN", "/Service/full/lost")
                .contains("nothing was changed: --yes adopts");
        assertThat(mesh.asked()).containsExactly("/v1/history");

        // When
        var adopted = csign("mesh", "adopt", "policy-service", "--yes");

        // Then
        assertThat(adopted.out()).contains("adopted: history h-2");
        assertThat(mesh.asked()).containsExactly("/v1/history", "/v1/history/adoption");
    }

    @Test
    void adoptAsksTheAuthorityAsItsOwnAdministrator() {
        // Given
        mesh.answers("/v1/history", 200, "{\"history\":\"h-2\",\"doubt\":\"\",\"differences\":[]}");
        var kubeconfig = mesh.kubeconfig(folder, "config-distributor.istio-system.svc", "another-token");

        // When
        var run = Run.of("mesh", "adopt", "ca-service", "--kubeconfig", kubeconfig.toString());

        // Then
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("ca-service: the topics are of its database's history, nothing to adopt");
    }

    @Test
    void serverWithAnotherNameIsNotTrusted() {
        // Given
        var kubeconfig = mesh.kubeconfig(folder, "policy-service.istio-system.svc", "a-token");

        // When
        var run = Run.of("proxy-status", "--kubeconfig", kubeconfig.toString());

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.err()).contains("does not prove itself", "(expected: policy-service.istio-system.svc)");
        assertThat(mesh.asked()).isEmpty();
    }

    @Test
    void tokenThatIsRefusedIsToldWithoutTheToken() {
        // Given
        var kubeconfig = mesh.kubeconfig(folder, "config-distributor.istio-system.svc", "stale");

        // When
        var run = Run.of("proxy-status", "--kubeconfig", kubeconfig.toString());

        // Then
        assertThat(run.err()).contains("does not accept the token in").doesNotContain("stale");
    }

    private Run csign(String... arguments) {
        return Run.of(Stream.concat(
                        Stream.of(arguments),
                        Stream.of("--kubeconfig", mesh.kubeconfig(folder).toString()))
                .toArray(String[]::new));
    }

    private static String policy(int generation, int observed, String status, String message) {
        return """
                {"metadata":{"generation":%d},"status":{"conditions":[
                 {"type":"Distributed","status":"%s","observedGeneration":%d,"message":"%s"}]}}
                """.formatted(generation, status, observed, message);
    }
}
