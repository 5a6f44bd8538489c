package io.countersign.policy.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.policy.object.Json;
import org.junit.jupiter.api.Test;

class StrategicMergePatchTest {
    private static final String SERVICE = """
            {"metadata":{"labels":{"app":"a"},"finalizers":["x","y"]},
             "spec":{"ports":[{"name":"http","port":80,"targetPort":8080},{"name":"admin","port":90}],
                     "externalIPs":["1.1.1.1"],"selector":{"app":"a"}}}""";

    @Test
    void mergesPortsByTheirNumber() {
        var patched = patched("{\"spec\":{\"ports\":[{\"port\":80,\"name\":\"web\"},{\"port\":70}]}}");
        assertThat(patched.at("/spec/ports"))
                .isEqualTo(
                        Json.readStored(
                                "[{\"name\":\"web\",\"port\":80,\"targetPort\":8080},{\"name\":\"admin\",\"port\":90},{\"port\":70}]"));
    }

    @Test
    void deletesAnElementAndOrdersTheRestAsKubectlAsks() {
        var patched = patched("""
                {"spec":{"$setElementOrder/ports":[{"port":70},{"port":90}],
                         "ports":[{"port":70},{"$patch":"delete","port":80}]}}""");
        assertThat(patched.at("/spec/ports"))
                .isEqualTo(Json.readStored("[{\"port\":70},{\"name\":\"admin\",\"port\":90}]"));
    }

    @Test
    void replacesAListOnRequest() {
        var patched = patched("{\"spec\":{\"ports\":[{\"port\":1},{\"$patch\":\"replace\"}]}}");
        assertThat(patched.at("/spec/ports")).isEqualTo(Json.readStored("[{\"port\":1}]"));
    }

    @Test
    void replacesAnObjectOnRequest() {
        var patched = patched("{\"spec\":{\"selector\":{\"$patch\":\"replace\",\"b\":\"c\"}}}");
        assertThat(patched.at("/spec/selector")).isEqualTo(Json.readStored("{\"b\":\"c\"}"));
    }

    @Test
    void keepsOnlyTheKeysToRetain() {
        var patched = patched("{\"spec\":{\"$retainKeys\":[\"selector\"],\"selector\":{\"b\":\"c\"}}}");
        assertThat(patched.at("/spec")).isEqualTo(Json.readStored("{\"selector\":{\"app\":\"a\",\"b\":\"c\"}}"));
    }

    @Test
    void deletesFromAListOfPlainValues() {
        var patched = patched("{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"x\"]}}");
        assertThat(patched.at("/metadata/finalizers")).isEqualTo(Json.readStored("[\"y\"]"));
    }

    @Test
    void replacesListsThatHaveNoKey() {
        var patched = patched("{\"spec\":{\"externalIPs\":[\"2.2.2.2\"]}}");
        assertThat(patched.at("/spec/externalIPs")).isEqualTo(Json.readStored("[\"2.2.2.2\"]"));
    }

    @Test
    void removesWhatIsNull() {
        assertThat(patched("{\"metadata\":{\"labels\":{\"app\":null}}}").at("/metadata/labels"))
                .isEmpty();
    }

    @Test
    void refusesAnElementWithoutItsKey() {
        assertThatThrownBy(() -> patched("{\"spec\":{\"ports\":[{\"name\":\"x\"}]}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("patch spec.ports: element without port");
    }

    @Test
    void refusesAnUnknownDirective() {
        assertThatThrownBy(() -> patched("{\"spec\":{\"$patch\":\"forget\"}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("patch spec: forget (expected: merge, replace or delete)");
    }

    private static JsonNode patched(String patch) {
        return StrategicMergePatch.apply(Json.readStored(SERVICE), Json.readStored(patch));
    }
}
