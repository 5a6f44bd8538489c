package io.countersign.local;

import io.countersign.local.control.CaClient;
import io.countersign.local.control.CaTrust;
import io.countersign.local.plan.JoinTokenRequest;
import io.countersign.local.plan.Kubeconfig;
import io.countersign.local.plan.MeshPlan;
import io.countersign.local.plan.StateFolder;
import io.countersign.local.process.Endpoint;
import io.countersign.local.process.Ports;
import java.net.URI;
import java.util.List;

/// Lets every process that needs an identity get its first certificate, and kubectl trust policy-service.
final class JoinTokens {

    private final LocalMesh mesh;

    JoinTokens(LocalMesh mesh) {
        this.mesh = mesh;
    }

    /// Asks ca-service, which is ready, for one token a process and writes each to its file; then the kubeconfig.
    void write() {
        StateFolder state = mesh.state();
        Endpoint ca = mesh.network().ca();
        var trust =
                new CaTrust(mesh.plan().caSpiffeId(), () -> Ports.holder(ca).equals(mesh.process(MeshPlan.CA_SERVICE)));
        try (var client =
                new CaClient(URI.create("https://" + ca), trust, mesh.plan().caAdminToken())) {
            List<JoinTokenRequest> requests = mesh.plan().joinTokenRequests();
            requests.forEach(
                    request -> state.write(state.joinToken(request.nodeId()), client.joinToken(request) + "\n"));
        }
        state.write(
                state.kubeconfig(),
                Kubeconfig.of(mesh.network(), trust.rootPem(), mesh.plan().kubernetesToken()));
    }
}
