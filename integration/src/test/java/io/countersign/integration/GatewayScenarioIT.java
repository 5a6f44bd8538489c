package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The gateway joins the mesh: identity, config, report.
@ExtendWith(SampleMesh.class)
class GatewayScenarioIT {
    private static final String GATEWAY = "istio-ingressgateway.istio-system";

    private final RunningMesh mesh;

    GatewayScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterEach
    void withoutPolicy() {
        HttpbinPolicy.delete(mesh);
    }

    @Test
    void getsItsIdentityAndCountsAsANode() {
        // Given
        mesh.start(GATEWAY);
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(mesh.csign("proxy-status").orFail()).contains(GATEWAY));

        // When
        HttpbinPolicy.STRICT.putInForce(mesh);

        // Then
        assertThat(mesh.kubectl("get", "policy", "httpbin", "-n", "full", "-o", "yaml")
                        .orFail())
                .contains("in force on 4 nodes");
        assertThat(certificate()).contains("URI:spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway");
    }

    private String certificate() {
        var chain = mesh.certificates(GATEWAY).resolve("cert-chain.pem");
        return Command.run(
                        Path.of(""),
                        Duration.ofSeconds(10),
                        "",
                        List.of("openssl", "x509", "-noout", "-text", "-in", chain.toString()))
                .orFail();
    }
}
