package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.view.Destination;
import io.countersign.mesh.view.MeshView;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.util.NetUtil;
import java.util.Optional;
import java.util.stream.Stream;

/// How the node would speak to every service port that its view knows: asked of the functions that route its requests.
final class ClustersPage {
    private ClustersPage() {}

    /// The page of a view.
    ///
    /// @param client whose requests the node sends; without one there are no clusters
    static ObjectNode of(MeshView view, Optional<ConfigKey> client) {
        var page = JsonNodeFactory.instance.objectNode();
        page.put("client", client.map(ClustersPage::name).orElse(null));
        var clusters = page.putArray("clusters");
        client.ifPresent(workload -> view.services()
                .values()
                .forEach(service -> service.ports()
                        .keySet()
                        .forEach(port -> describe(view, workload, service, port, clusters.addObject()))));
        return page;
    }

    private static void describe(MeshView view, ConfigKey client, ServiceConfig service, int port, ObjectNode cluster) {
        var host = service.hosts().getFirst();
        var rule = view.rule(service, client);
        var tls = rule.flatMap(found -> found.tls(port, Optional.empty()));
        cluster.put("host", host)
                .put("port", port)
                .put(
                        "rule",
                        rule.map(found -> found.namespace() + "/" + found.name())
                                .orElse(null))
                .put("mode", tls.map(settings -> settings.mode().name()).orElse("AUTO"));
        var endpoints = cluster.putArray("endpoints");
        switch (view.lookup(host, port, client)) {
            case Destination.Endpoints(var upstreams) ->
                upstreams.forEach(upstream -> describe(upstream, endpoints.addObject()));
            case Destination.NoEndpoint(var reason) -> cluster.put("reason", reason);
            case Destination.Unknown() -> cluster.put("reason", "the mesh has no such host");
        }
    }

    private static void describe(Upstream upstream, ObjectNode endpoint) {
        endpoint.put("address", NetUtil.toSocketAddressString(upstream.address(), upstream.port()))
                .put("workload", name(upstream.workload()));
        switch (upstream.tls()) {
            case UpstreamTls.Plaintext() -> endpoint.put("tls", "PLAINTEXT");
            case UpstreamTls.MeshMutual(var expected, var sni) -> {
                endpoint.put("tls", "MUTUAL_TLS").put("sni", sni);
                expect(endpoint, expected.stream().map(SpiffeId::toString).sorted());
            }
            case UpstreamTls.Configured(var settings, var sni) -> {
                endpoint.put("tls", "TLS").put("sni", sni);
                expect(endpoint, settings.subjectAltNames().stream());
            }
        }
    }

    private static void expect(ObjectNode endpoint, Stream<String> identities) {
        var expected = endpoint.putArray("expected");
        identities.forEach(expected::add);
    }

    private static String name(ConfigKey workload) {
        return workload.namespace() + "/" + workload.name();
    }
}
