package io.countersign.integration.mesh;

/// The policies of the automatic mutual TLS task, for httpbin in namespace full.
public enum HttpbinPolicy {
    STRICT("  peers:\n  - mtls: {}\n"),
    PERMISSIVE("  peers:\n  - mtls:\n      mode: PERMISSIVE\n"),
    DISABLE("");

    private static final String MANIFEST = """
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

    HttpbinPolicy(String peers) {
        this.peers = peers;
    }

    /// Applies the policy with kubectl.
    public void apply(RunningMesh mesh) {
        mesh.apply(NAMESPACE, MANIFEST + peers).orFail();
    }

    /// Applies the policy and waits until it is in force on every node.
    public void putInForce(RunningMesh mesh) {
        apply(mesh);
        awaitInForce(mesh);
    }

    /// Deletes the policy if there is one.
    public static void delete(RunningMesh mesh) {
        mesh.kubectl("delete", "policy", "httpbin", "-n", NAMESPACE, "--ignore-not-found=true")
                .orFail();
    }

    /// Waits until the policy that was applied last is in force on every node.
    public static void awaitInForce(RunningMesh mesh) {
        mesh.awaitDistributed(NAMESPACE, "policy/httpbin");
    }
}
