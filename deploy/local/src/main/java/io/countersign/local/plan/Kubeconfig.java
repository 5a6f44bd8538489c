package io.countersign.local.plan;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What kubectl needs to speak to policy-service. Pure.
public final class Kubeconfig {

    static final String SERVER_NAME = "policy-service.istio-system.svc";

    private Kubeconfig() {}

    /// The whole file for one user.
    ///
    /// @param authorities the trust bundle's roots, PEM
    public static String of(LocalNetwork network, String authorities, String token) {
        String encoded = Base64.getEncoder().encodeToString(authorities.getBytes(StandardCharsets.UTF_8));
        return """
                apiVersion: v1
                kind: Config
                current-context: countersign
                clusters:
                - name: countersign
                  cluster:
                    server: https://%s
                    tls-server-name: %s
                    certificate-authority-data: %s
                users:
                - name: admin
                  user:
                    token: %s
                contexts:
                - name: countersign
                  context:
                    cluster: countersign
                    user: admin
                """.formatted(network.policy(), SERVER_NAME, encoded, token);
    }
}
