package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.events.TopicCatalogue;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people type, and what they see.
@QuarkusTest
@QuarkusTestResource(PolicyEnvironment.class)
class KubectlIT {
    @TestHTTPResource(value = "/", tls = true)
    URI server;

    private Kubectl kubectl;

    @BeforeEach
    void connect() {
        kubectl = Kubectl.of(server.getPort(), PolicyEnvironment.ADMIN_TOKEN);
    }

    @Test
    void appliesChangesAndLeavesAlone() {
        // Given
        kubectl.run("create", "ns", "journey");
        // When
        var created = kubectl.apply(Manifests.policy("journey", "STRICT"));
        var unchanged = kubectl.apply(Manifests.policy("journey", "STRICT"));
        var configured = kubectl.apply(Manifests.policy("journey", "PERMISSIVE"));
        // Then
        assertThat(created.output()).isEqualTo("policy.authentication.istio.io/default created\n");
        assertThat(unchanged.output()).isEqualTo("policy.authentication.istio.io/default unchanged\n");
        assertThat(configured.output()).isEqualTo("policy.authentication.istio.io/default configured\n");
        await().untilAsserted(() -> assertThat(TopicReader.readAll(TopicCatalogue.RESOURCES.name()))
                .filteredOn(each -> each.key().equals("authentication.istio.io/Policy/journey/default"))
                .extracting(each -> new String(each.value(), StandardCharsets.UTF_8))
                .satisfiesExactly(
                        first -> assertThat(first).contains("STRICT").contains("\"generation\":1"),
                        second -> assertThat(second).contains("PERMISSIVE").contains("\"generation\":2")));
    }

    @Test
    void beginsWithTheMeshRecordAndTheFirstObjects() {
        await().untilAsserted(() -> assertThat(TopicReader.readAll(TopicCatalogue.RESOURCES.name()))
                .extracting(each -> each.key())
                .startsWith(
                        "mesh",
                        "/Namespace//istio-system",
                        "/Namespace//default",
                        "authentication.istio.io/MeshPolicy//default"));
        assertThat(kubectl.run("get", "meshpolicies", "-o", "yaml").output()).contains("mode: PERMISSIVE");
    }

    @Test
    void printsTables() {
        // Given
        kubectl.run("create", "ns", "tables");
        kubectl.apply(Manifests.policy("tables", "STRICT"));
        // When
        var everywhere = kubectl.run("get", "policies", "--all-namespaces");
        var wide = kubectl.run("get", "policies", "-n", "tables", "-o", "wide");
        var namespaces = kubectl.run("get", "ns");
        // Then
        assertThat(everywhere.output())
                .containsPattern("NAMESPACE +NAME +AGE\n")
                .containsPattern("tables +default +\\d+s");
        assertThat(wide.output())
                .containsPattern("NAME +AGE +DISTRIBUTED\n")
                .containsPattern("default +\\d+s +Unknown");
        assertThat(namespaces.output()).containsPattern("NAME +STATUS +AGE\n").containsPattern("istio-system +Active");
    }

    @Test
    void namesEveryBadField() {
        // Given
        kubectl.run("create", "ns", "faults");
        // When
        var refused = kubectl.apply(Manifests.policy("faults", "STRONG").replace("spec:", "spec:\n  peer: []"));
        // Then
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output())
                .startsWith("The Policy \"default\" is invalid: \n")
                .contains("* spec.peer: unknown field")
                .contains("* spec.peers[0].mtls.mode: invalid value: STRONG (expected: one of STRICT, PERMISSIVE)");
    }

    @Test
    void mergesPortsOfAService() {
        // Given
        kubectl.run("create", "ns", "services");
        kubectl.apply(Manifests.service("services", 8000, 9000));
        // When
        var unchanged = kubectl.apply(Manifests.service("services", 8000, 9000));
        var configured = kubectl.apply(Manifests.service("services", 8001, 9000));
        // Then
        assertThat(unchanged.output()).isEqualTo("service/httpbin unchanged\n");
        assertThat(configured.output()).isEqualTo("service/httpbin configured\n");
        assertThat(kubectl.run("get", "svc", "-n", "services").output()).contains("8001/TCP,9000/TCP");
    }

    @Test
    void deletesOnceAndIgnoresWhatIsNotFound() {
        // Given
        kubectl.run("create", "ns", "deletions");
        kubectl.apply(Manifests.policy("deletions", "STRICT"));
        // When
        var deleted = kubectl.run("delete", "policy", "default", "-n", "deletions");
        var again = kubectl.run("delete", "policy", "default", "-n", "deletions");
        var ignored = kubectl.run("delete", "policy", "default", "-n", "deletions", "--ignore-not-found=true");
        // Then
        assertThat(deleted.exitCode()).isZero();
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output())
                .isEqualTo("Error from server (NotFound): policies.authentication.istio.io \"default\" not found\n");
        assertThat(ignored).isEqualTo(new Kubectl.Result(0, ""));
        await().untilAsserted(() -> assertThat(TopicReader.readAll(TopicCatalogue.RESOURCES.name()))
                .filteredOn(each -> each.key().equals("authentication.istio.io/Policy/deletions/default"))
                .last()
                .satisfies(tombstone -> assertThat(tombstone.value()).isNull()));
    }

    @Test
    void deletesANamespaceWithWhatIsInIt() {
        // Given
        kubectl.run("create", "ns", "leaving");
        kubectl.apply(Manifests.policy("leaving", "STRICT"));
        // When
        var deleted = kubectl.run("delete", "ns", "leaving");
        // Then
        assertThat(deleted.output()).startsWith("namespace \"leaving\" deleted");
        await().untilAsserted(() -> assertThat(TopicReader.readAll(TopicCatalogue.RESOURCES.name()))
                .filteredOn(each -> each.value() == null)
                .extracting(each -> each.key())
                .containsSubsequence("authentication.istio.io/Policy/leaving/default", "/Namespace//leaving"));
        assertThat(kubectl.run("delete", "ns", "istio-system").output()).contains("may not be deleted");
    }

    @Test
    void createsNothingInANamespaceThatIsNotThere() {
        assertThat(kubectl.apply(Manifests.policy("nowhere", "STRICT")).output())
                .contains("Error from server (NotFound)")
                .contains("namespaces \"nowhere\" not found");
    }

    @Test
    void refusesAReplacementOfWhatHasChangedSince() {
        // Given
        kubectl.run("create", "ns", "conflicts");
        kubectl.apply(Manifests.policy("conflicts", "STRICT"));
        var seen = kubectl.run("get", "policy", "default", "-n", "conflicts", "-o", "yaml");
        kubectl.apply(Manifests.policy("conflicts", "PERMISSIVE"));
        // When
        var refused = kubectl.runWithInput(seen.output(), "replace", "-f", "-");
        // Then
        assertThat(refused.output()).contains("Error from server (Conflict)").contains("the object has been modified");
    }

    @Test
    void selectsByLabel() {
        // Given
        kubectl.run("create", "ns", "labelled");
        kubectl.run("label", "ns", "labelled", "team=blue");
        // When
        var blue = kubectl.run("get", "ns", "-l", "team=blue", "-o", "name");
        // Then
        assertThat(blue.output()).isEqualTo("namespace/labelled\n");
    }
}
