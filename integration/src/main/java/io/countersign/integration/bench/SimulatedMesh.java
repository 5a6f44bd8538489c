package io.countersign.integration.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.events.ResourceCodec.StoredResource;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.X509Svid;
import io.countersign.integration.bench.SimulatedNodes.Node;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.testing.TestAuthority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The resources of a mesh as policy-service writes them, and the nodes that serve them. Not thread-safe.
final class SimulatedMesh {
    static final ResourceKey MESH_POLICY = ResourceKey.of(ResourceType.MESH_POLICY, "", "default");

    private static final int SERVICES_PER_NAMESPACE = 10;
    private static final String ROOT_NAMESPACE = "istio-system";
    private static final TrustDomain TRUST_DOMAIN = new TrustDomain("cluster.local");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MeshSize size;
    private final TestAuthority authority;
    private final Instant created = Instant.now();
    private final Map<ResourceKey, Long> generations = new HashMap<>();
    private long sequence;
    private int address = 1;

    SimulatedMesh(MeshSize size) {
        this.size = size;
        this.authority = TestAuthority.seeded(size.services());
    }

    MeshSettings settings() {
        return new MeshSettings("bench-" + size.name(), TRUST_DOMAIN, ROOT_NAMESPACE, MtlsMode.PERMISSIVE, true);
    }

    TrustBundle bundle() {
        return authority.bundle(TRUST_DOMAIN, 1);
    }

    /// What config-distributor serves by.
    IssuedSvid identity() {
        var issued = authority.issue(SpiffeId.ofServiceAccount(TRUST_DOMAIN, ROOT_NAMESPACE, "config-distributor"));
        return new IssuedSvid(X509Svid.of(issued.chain(), issued.key()), bundle());
    }

    List<Node> nodes() {
        return IntStream.range(0, size.services())
                .parallel()
                .mapToObj(this::node)
                .toList();
    }

    /// Every resource, once.
    List<StoredResource> resources() {
        var all = new ArrayList<StoredResource>();
        for (int service = 0; service < size.services(); service++) {
            all.add(written(ResourceKey.of(ResourceType.SERVICE, namespace(service), name(service)), """
 {"selector":{"app":"%s"},"ports":[{"name":"http","port":8000,"targetPort":8000}]}""".formatted(
                            name(service))));
            for (int replica = 0; replica < size.workloadsPerService(); replica++) {
                all.add(moved(service, replica));
            }
        }
        all.add(mode(MtlsMode.PERMISSIVE));
        return all;
    }

    /// A workload with an address that it did not have before.
    StoredResource moved(int workload) {
        return moved(workload / size.workloadsPerService(), workload % size.workloadsPerService());
    }

    StoredResource mode(MtlsMode mode) {
        return written(MESH_POLICY, "{\"peers\":[{\"mtls\":{\"mode\":\"%s\"}}]}".formatted(mode));
    }

    private StoredResource moved(int service, int replica) {
        address++;
        var text = "10.%d.%d.%d".formatted(address >> 16, address >> 8 & 255, address & 255);
        return written(
                ResourceKey.of(ResourceType.WORKLOAD_ENTRY, namespace(service), workload(service, replica)),
                """
 {"address":"%s","serviceAccount":"%s","labels":{"app":"%2$s","security.istio.io/tlsMode":"istio"}}""".formatted(text, name(service)));
    }

    private StoredResource written(ResourceKey key, String spec) {
        sequence++;
        long generation = generations.merge(key, 1L, Long::sum);
        try {
            return new StoredResource(key, "uid-" + key, generation, sequence, created, Map.of(), JSON.readTree(spec));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(spec, e);
        }
    }

    private Node node(int service) {
        var id = new NodeId(name(service) + "." + namespace(service));
        var identity = SpiffeId.ofServiceAccount(TRUST_DOMAIN, namespace(service), name(service));
        List<ConfigKey> workloads = Stream.iterate(0, replica -> replica + 1)
                .limit(size.workloadsPerService())
                .map(replica -> ConfigKey.workload(namespace(service), workload(service, replica)))
                .toList();
        var issued = authority.leaf(identity).node(id).issue();
        return new Node(id, X509Svid.of(issued.chain(), issued.key()), workloads);
    }

    private static String namespace(int service) {
        return "team-" + service / SERVICES_PER_NAMESPACE;
    }

    private static String name(int service) {
        return "service-" + service;
    }

    private static String workload(int service, int replica) {
        return name(service) + "-" + replica;
    }
}
