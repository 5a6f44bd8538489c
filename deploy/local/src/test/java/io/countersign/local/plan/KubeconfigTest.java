package io.countersign.local.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KubeconfigTest {

    @Test
    void pointsAtTheServicesByTheirCertificatesNames() {
        // When
        String text = Kubeconfig.of(LocalNetwork.DEFAULT, "roots", "secret", "authority's");

        // Then
        assertThat(text.lines().map(String::strip))
                .contains("server: https://127.20.0.1:6443")
                .contains("tls-server-name: policy-service.istio-system.svc")
                .contains("server: https://127.20.0.1:7443")
                .contains("tls-server-name: config-distributor.istio-system.svc")
                .contains("server: https://127.20.0.1:8443")
                .contains("tls-server-name: ca-service.istio-system.svc")
                .contains("token: authority's")
                .contains("certificate-authority-data: cm9vdHM=")
                .contains("token: secret");
    }
}
