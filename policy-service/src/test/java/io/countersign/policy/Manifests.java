package io.countersign.policy;

/// What people apply in these tests.
final class Manifests {
    private Manifests() {}

    static String policy(String namespace, String mode) {
        return """
                apiVersion: authentication.istio.io/v1alpha1
                kind: Policy
                metadata: {name: default, namespace: %s}
                spec:
                  peers: [{mtls: {mode: %s}}]
                """.formatted(namespace, mode);
    }

    static String service(String namespace, int first, int second) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: httpbin, namespace: %s, labels: {app: httpbin}}
                spec:
                  ports: [{name: http, port: %d, targetPort: 80}, {name: other, port: %d}]
                  selector: {app: httpbin}
                """.formatted(namespace, first, second);
    }
}
