package io.countersign.integration.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.resource.ResourceType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodManifestsIT {
    private static final Manifests BASE = Manifests.of("base");

    @Test
    void installsEveryProcess() {
        assertThat(BASE.ofKind("Deployment").map(Manifests::name))
                .containsExactlyInAnyOrder("ca-service", "policy-service", "config-distributor", "gateway-node");
        assertThat(BASE.ofKind("StatefulSet").map(Manifests::name)).containsExactly("database");
    }

    @Test
    void everyPodMeetsTheRestrictedStandard() {
        assertThat(BASE.pods()).isNotEmpty().allSatisfy(pod -> {
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(containers(pod)).isNotEmpty().allSatisfy(container -> {
                var context = container.path("securityContext");
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
            });
        });
    }

    @Test
    void everyContainerHasProbesAndBoundedMemory() {
        assertThat(BASE.pods()).flatMap(PodManifestsIT::containers).allSatisfy(container -> {
            assertThat(container.has("readinessProbe")).isTrue();
            assertThat(container.at("/resources/requests").has("cpu")).isTrue();
            assertThat(container.at("/resources/limits").has("memory")).isTrue();
        });
    }

    @Test
    void everyProcessHasItsOwnAccountAndADisruptionBudget() {
        // Given
        var deployments = BASE.ofKind("Deployment").map(Manifests::name).toList();

        // When
        var accounts = BASE.ofKind("Deployment")
                .map(each -> each.at("/spec/template/spec/serviceAccountName").asText());

        // Then
        assertThat(accounts).containsExactlyElementsOf(deployments);
        assertThat(BASE.ofKind("ServiceAccount").map(Manifests::name)).containsAll(deployments);
        assertThat(BASE.ofKind("PodDisruptionBudget").map(Manifests::name)).containsAll(deployments);
    }

    @Test
    void holdsNoSecretValues() {
        // Given
        var environment = BASE.pods().stream()
                .flatMap(pod -> containers(pod).stream())
                .flatMap(container -> Manifests.elements(container.path("env")));

        // When
        var plain = environment.filter(variable -> variable.has("value"));

        // Then
        assertThat(BASE.ofKind("Secret")).isEmpty();
        assertThat(plain)
                .noneMatch(variable -> variable.path("name").asText().matches(".*(PASSWORD|TOKEN|SECRET|KEY)"));
        assertThat(BASE.ofKind("ConfigMap").map(JsonNode::toString))
                .noneMatch(text -> text.contains("PRIVATE KEY") || text.matches(".*password=[^$].*"));
    }

    @Test
    void namesAnApiServiceForEveryVersionOfEveryKind() {
        // Given
        var expected = Arrays.stream(ResourceType.values())
                .filter(type -> !type.group().isEmpty())
                .flatMap(type -> type.versions().stream().map(version -> version + "." + type.group()))
                .distinct()
                .toList();

        // When
        var services = Manifests.of("overlays/apiservice").ofKind("APIService").map(Manifests::name);

        // Then
        assertThat(services).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<JsonNode> containers(JsonNode pod) {
        return Manifests.elements(pod.path("containers")).toList();
    }
}
