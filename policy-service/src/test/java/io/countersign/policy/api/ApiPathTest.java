package io.countersign.policy.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.resource.ResourceType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiPathTest {
    @Test
    void readsCollectionsAndObjects() {
        assertThat(ApiPath.parse("api/v1/namespaces")).contains(path(ResourceType.NAMESPACE, "v1", null, null));
        assertThat(ApiPath.parse("api/v1/namespaces/full")).contains(path(ResourceType.NAMESPACE, "v1", null, "full"));
        assertThat(ApiPath.parse("api/v1/services")).contains(path(ResourceType.SERVICE, "v1", null, null));
        assertThat(ApiPath.parse("api/v1/namespaces/full/services/httpbin"))
                .contains(path(ResourceType.SERVICE, "v1", "full", "httpbin"));
        assertThat(ApiPath.parse("apis/networking.istio.io/v1beta1/namespaces/full/destinationrules"))
                .contains(path(ResourceType.DESTINATION_RULE, "v1beta1", "full", null));
        assertThat(ApiPath.parse("apis/authentication.istio.io/v1alpha1/meshpolicies/default"))
                .contains(path(ResourceType.MESH_POLICY, "v1alpha1", null, "default"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api/v2/namespaces",
                "api/v1/pods",
                "api/v1/services/httpbin",
                "api/v1/namespaces/full/namespaces",
                "api/v1/namespaces/full/services/httpbin/status",
                "api/v1/namespaces//services",
                "apis/security.istio.io/v1alpha3/peerauthentications",
                "apis/authentication.istio.io/v1alpha1/namespaces/full/meshpolicies",
                "livez"
            })
    void knowsNothingElse(String path) {
        assertThat(ApiPath.parse(path)).isEmpty();
    }

    private static ApiPath path(ResourceType type, String version, String namespace, String name) {
        return new ApiPath(type, version, Optional.ofNullable(namespace), Optional.ofNullable(name));
    }
}
