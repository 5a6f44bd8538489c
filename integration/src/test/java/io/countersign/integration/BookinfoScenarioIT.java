package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.RunningMesh;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The Bookinfo tutorial: mutual TLS everywhere in a namespace but for its page.
@ExtendWith(SampleMesh.class)
@Samples("default,bookinfo")
class BookinfoScenarioIT {
    private static final String POLICIES = "samples/policies/bookinfo-mtls.yaml";
    private static final String RATINGS = "{\"id\":7,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}";

    private final RunningMesh mesh;

    BookinfoScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    /// S4.1, S4.2: one apply of three documents.
    @BeforeAll
    static void mutualTls(RunningMesh mesh) {
        assertThat(ask(mesh, "sleep.bookinfo", "http://ratings:9080/ratings/7").orFail())
                .isEqualTo(RATINGS);
        assertThat(mesh.kubectl("apply", "-f", POLICIES).orFail().lines())
                .containsExactly(
                        "policy.authentication.istio.io/disable-mtls-for-productpage created",
                        "policy.authentication.istio.io/default created",
                        "destinationrule.networking.istio.io/default created");
        for (var each : List.of("policy/disable-mtls-for-productpage", "policy/default", "destinationrule/default")) {
            mesh.awaitDistributed("bookinfo", each);
        }
    }

    @AfterAll
    static void withoutPolicies(RunningMesh mesh) {
        mesh.kubectl("delete", "-f", POLICIES).orFail();
    }

    /// S4.5, S4.6.
    @Test
    void aClientWithoutAProxyIsReset() {
        for (var url : List.of(
                "http://ratings:9080/ratings/7", "http://reviews:9080/reviews/0", "http://details:9080/details/0")) {
            var refused = ask(mesh, "sleep.bookinfo", url);
            assertThat(refused.exitCode()).as(url).isEqualTo(56);
            assertThat(refused.errors()).contains("curl: (56) Recv failure: Connection reset by peer");
        }
    }

    /// S4.3, S4.4: the policy for productpage goes before the namespace's, and everything behind the page works.
    @Test
    void thePageIsOpenToEveryoneAndShowsWhatTheOthersSay() {
        // When
        var pages = Stream.generate(() -> ask(mesh, "sleep.bookinfo", "http://productpage:9080/productpage")
                        .orFail())
                .limit(6)
                .toList();

        // Then
        assertThat(pages)
                .allSatisfy(page -> assertThat(page)
                        .contains("Book details", "Book reviews", "Reviewer1", "Reviewer2")
                        .doesNotContain("unavailable"));
        assertThat(pages).anyMatch(page -> page.contains("★"));
    }

    /// S4.9.
    @Test
    void aClientWithAProxyIsAnswered() {
        assertThat(ask(mesh, "sleep.default", "http://ratings.bookinfo:9080/ratings/7")
                        .orFail())
                .isEqualTo(RATINGS);
        assertThat(ask(mesh, "productpage-v1.bookinfo", "http://ratings:9080/ratings/7")
                        .orFail())
                .isEqualTo(RATINGS);
    }

    /// S4.11: the rule for all hosts covers the page too, which takes no mutual TLS.
    @Test
    void theRuleForAllHostsConflictsWithTheOpenPage() {
        // Given
        var host = "productpage.bookinfo.svc.cluster.local";

        // When
        var code = mesh.exec(
                        "sleep.default/app",
                        "curl",
                        "-s",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "http://productpage.bookinfo:9080/productpage")
                .orFail();

        // Then
        assertThat(code).isEqualTo("503");
        assertThat(TlsCheckTable.of(mesh, "sleep.default", host).rows())
                .containsExactly(List.of(
                        host + ":9080",
                        "CONFLICT",
                        "HTTP",
                        "mTLS",
                        "disable-mtls-for-productpage/bookinfo",
                        "default/bookinfo"));
        var analysis = mesh.csign("analyze");
        assertThat(analysis.exitCode()).isEqualTo(1);
        assertThat(analysis.output()).contains("CSN0103", "DestinationRule default/bookinfo");
    }

    private static Command.Result ask(RunningMesh mesh, String client, String url) {
        return mesh.exec(client + "/app", "curl", "-sS", url);
    }
}
