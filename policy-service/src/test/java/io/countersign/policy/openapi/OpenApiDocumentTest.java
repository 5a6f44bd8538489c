package io.countersign.policy.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.discovery.ApiGroup;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {
    private final JsonNode document = OpenApiDocument.of(
            ApiGroup.ALL.stream()
                    .filter(group -> group.name().equals("authentication.istio.io"))
                    .findFirst()
                    .orElseThrow(),
            "v1alpha1");

    /// By this kubectl leaves validation to the server.
    @Test
    void listsFieldValidationOnEveryPatch() {
        document.path("paths").forEach(path -> {
            if (path.has("patch")) {
                assertThat(path.at("/patch/parameters").findValuesAsText("name"))
                        .contains("fieldValidation");
                assertThat(path.at("/patch/x-kubernetes-group-version-kind/kind")
                                .asText())
                        .isIn("Policy", "MeshPolicy");
            }
        });
    }

    @Test
    void rendersTheSchemaOfASpec() {
        var schema = document.at("/components/schemas/io.countersign.authentication-istio-io.v1alpha1.Policy");
        assertThat(schema.at("/x-kubernetes-group-version-kind/0/kind").asText())
                .isEqualTo("Policy");
        assertThat(schema.at("/properties/spec/properties/peers/items/properties/mtls/properties/mode/enum"))
                .extracting(JsonNode::asText)
                .containsExactly("STRICT", "PERMISSIVE");
        assertThat(schema.at("/properties/spec/properties/targets/items/required/0")
                        .asText())
                .isEqualTo("name");
    }

    @Test
    void hasEveryTypeInEachOfItsVersions() {
        for (var type : ResourceType.values()) {
            for (var version : type.versions()) {
                var group = ApiGroup.ALL.stream()
                        .filter(each -> each.name().equals(type.group()))
                        .findFirst()
                        .orElseThrow();
                assertThat(OpenApiDocument.of(group, version).toString()).contains("\"kind\":\"" + type.kind() + "\"");
            }
        }
    }
}
