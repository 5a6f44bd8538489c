package io.countersign.integration;

import io.countersign.integration.mesh.RunningMesh;

/// The policies of the automatic mutual TLS task, for httpbin in namespace full.
enum Policies {
    STRICT("  peers:\n  - mtls: {}\n"),
    PERMISSIVE("  peers:\n  - mtls:\n      mode: PERMISSIVE\n"),
    DISABLE("");

    private static final String HTTPBIN = """
            apiVersion: authentication.istio.io/v1alpha1
            kind: Policy
            metadata:
              name: httpbin
            spec:
              targets:
              - name: httpbin
            """;
    private static final String NAMESPACE = "full";

    private final String peers;

    Policies(String peers) {
        this.peers = peers;
    }

    void apply(RunningMesh mesh) {
        mesh.apply(NAMESPACE, HTTPBIN + peers).orFail();
    }

    /// Applies the policy and waits until it is in force on every node.
    void putInForce(RunningMesh mesh) {
        apply(mesh);
        awaitInForce(mesh);
    }

    static void awaitInForce(RunningMesh mesh) {
        mesh.awaitDistributed(NAMESPACE, "policy/httpbin");
    }
}
