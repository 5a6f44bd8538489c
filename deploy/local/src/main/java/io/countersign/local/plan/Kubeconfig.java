package io.countersign.local.plan;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What kubectl needs to speak to policy-service, and csign to the other services too. Pure.
public final class Kubeconfig {

    static final String POLICY_NAME = "policy-service.istio-system.svc";
    static final String DISTRIBUTOR_NAME = "config-distributor.istio-system.svc";
    static final String CA_NAME = "ca-service.istio-system.svc";

    private Kubeconfig() {}

    /// The whole file for the administrator of all.
    ///
    /// @param authorities the trust bundle's roots, PEM
    /// @param token for policy-service and config-distributor
    /// @param caToken for ca-service
    public static String of(LocalNetwork network, String authorities, String token, String caToken) {
        String encoded = Base64.getEncoder().encodeToString(authorities.getBytes(StandardCharsets.UTF_8));
        return """
                apiVersion: v1
                kind: Config
                current-context: countersign
                clusters:
                - name: countersign
                  cluster:
                    server: https://%1$s
                    tls-server-name: %2$s
                    certificate-authority-data: %5$s
                - name: config-distributor
                  cluster:
                    server: https://%3$s
                    tls-server-name: %4$s
                    certificate-authority-data: %5$s
                - name: ca-service
                  cluster:
                    server: https://%7$s
                    tls-server-name: %8$s
                    certificate-authority-data: %5$s
                users:
                - name: admin
                  user:
                    token: %6$s
                - name: ca-service
                  user:
                    token: %9$s
                contexts:
                - name: countersign
                  context:
                    cluster: countersign
                    user: admin
                """.formatted(
                        network.policy(),
                        POLICY_NAME,
                        network.distributor(),
                        DISTRIBUTOR_NAME,
                        encoded,
                        token,
                        network.ca(),
                        CA_NAME,
                        caToken);
    }
}
