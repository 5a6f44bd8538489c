package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.RunningMesh;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The Bookinfo tutorial, row by row: mutual TLS everywhere in a namespace but for its page.
@InPods
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BookinfoScenarioIT {
    private static final String POLICIES = "samples/policies/bookinfo-mtls.yaml";
    private static final String RATINGS = "{\"id\":7,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}";
    private static final String APPLICATION_DATA = "\u0017\u0003\u0003";
    private static final String RATINGS_URL = "http://ratings.bookinfo:9080/ratings/7";
    private static final String PAGE_URL = "http://productpage.bookinfo:9080/productpage";

    private final RunningMesh mesh;

    BookinfoScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterAll
    static void withoutPolicies(RunningMesh mesh) {
        mesh.kubectl("delete", "--ignore-not-found=true", "-f", POLICIES).orFail();
    }

    @Test
    @Order(1)
    @DisplayName("S4.1 a client without a sidecar is answered")
    void unmeshed() {
        assertThat(ask("sleep.bookinfo", "http://ratings:9080/ratings/7").orFail())
                .isEqualTo(RATINGS);
    }

    @Test
    @Order(2)
    @DisplayName("S4.2 one apply of three documents, one with empty peers")
    void policies() {
        assertThat(mesh.kubectl("apply", "-f", POLICIES).orFail().lines())
                .containsExactly(
                        "policy.authentication.istio.io/disable-mtls-for-productpage created",
                        "policy.authentication.istio.io/default created",
                        "destinationrule.networking.istio.io/default created");
        for (var each : List.of("policy/disable-mtls-for-productpage", "policy/default", "destinationrule/default")) {
            mesh.awaitDistributed("bookinfo", each);
        }
    }

    @Test
    @Order(3)
    @DisplayName("S4.3 the page's own policy goes before the namespace's")
    void openPage() {
        assertThat(ask("sleep.bookinfo", PAGE_URL).orFail()).contains("Book details");
    }

    @Test
    @Order(4)
    @DisplayName("S4.4 the page works with everything behind it")
    void page() {
        // When
        var pages = Stream.generate(() -> ask("sleep.bookinfo", PAGE_URL).orFail())
                .limit(6)
                .toList();

        // Then
        assertThat(pages)
                .allSatisfy(page -> assertThat(page)
                        .contains("Book details", "Book reviews", "Reviewer1", "Reviewer2")
                        .doesNotContain("unavailable"));
        assertThat(pages).anyMatch(page -> page.contains("★"));
    }

    @Test
    @Order(5)
    @DisplayName("S4.5 plaintext to ratings is reset, curl ends with 56")
    void ratings() {
        assertReset("http://ratings:9080/ratings/7");
    }

    @Test
    @Order(6)
    @DisplayName("S4.6 so it is to reviews and details; the page is open")
    void others() {
        assertReset("http://reviews:9080/reviews/0");
        assertReset("http://details:9080/details/0");
        assertThat(ask("sleep.bookinfo", PAGE_URL).orFail()).contains("Book details");
    }

    @Test
    @Order(9)
    @DisplayName("S4.9 a client with a sidecar is answered")
    void meshed() {
        assertThat(ask("sleep.default", RATINGS_URL).orFail()).isEqualTo(RATINGS);
    }

    @Test
    @Order(10)
    @DisplayName("S4.10 plaintext is between an application and its own sidecar only")
    void encrypted() {
        try (var wire = Wiretap.on(mesh)) {
            // When
            for (int i = 0; i < 3; i++) {
                assertThat(ask("sleep.bookinfo", PAGE_URL).orFail()).contains("Reviewer1");
            }
            assertThat(ask("sleep.default", RATINGS_URL).orFail()).isEqualTo(RATINGS);

            // Then
            for (var reviews : List.of("reviews-v1.bookinfo", "reviews-v2.bookinfo", "reviews-v3.bookinfo")) {
                assertEncrypted(wire.between("productpage-v1.bookinfo", reviews));
            }
            assertEncrypted(wire.between("sleep.default", "ratings-v1.bookinfo"));
            assertThat(wire.between("sleep.bookinfo", "productpage-v1.bookinfo"))
                    .contains("GET /productpage HTTP/1.1", "User-Agent: curl", "Reviewer1");
        }
    }

    @Test
    @Order(11)
    @DisplayName("S4.11 the rule for all hosts covers the page too: 503 and CONFLICT")
    void conflict() {
        // Given
        var host = "productpage.bookinfo.svc.cluster.local";

        // When
        var code = mesh.exec("sleep.default/app", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", PAGE_URL)
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

    private void assertReset(String url) {
        var refused = ask("sleep.bookinfo", url);
        assertThat(refused.exitCode()).as(url).isEqualTo(56);
        assertThat(refused.errors())
                .contains("curl: (56) Recv failure: Connection reset by peer")
                .contains("command terminated with exit code 56");
    }

    /// Records of TLS crossed, and no word of HTTP or of the answer.
    private static void assertEncrypted(String bytes) {
        assertThat(bytes)
                .contains(APPLICATION_DATA)
                .doesNotContainIgnoringCase("HTTP/1.1")
                .doesNotContainIgnoringCase("User-Agent")
                .doesNotContainIgnoringCase("Content-Type")
                .doesNotContain("Reviewer1");
    }

    private Command.Result ask(String client, String url) {
        return mesh.exec(client + "/app", "curl", "-sS", url);
    }
}
