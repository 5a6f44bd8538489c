package io.countersign.distributor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.events.ResourceCodec;
import io.countersign.events.ResourceCodec.StoredResource;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.follower.FollowedRecord;
import io.countersign.identity.ReportSeal;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.testing.TestAuthority;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// Records as the other services and the nodes write them. Every resource gets the next sequence.
public final class MeshRecords {
    public static final ConfigKey WORKLOAD = ConfigKey.workload("full", "httpbin");
    public static final ConfigKey SERVICE = ConfigKey.service("full", "httpbin");
    public static final ResourceKey POLICY = ResourceKey.of(ResourceType.POLICY, "full", "default");
    public static final ResourceKey ENTRY = ResourceKey.of(ResourceType.WORKLOAD_ENTRY, "full", "httpbin");
    public static final ResourceKey SERVICE_RESOURCE = ResourceKey.of(ResourceType.SERVICE, "full", "httpbin");
    public static final NodeId NODE = new NodeId("httpbin.full");
    public static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private static final TrustDomain TRUST_DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId HTTPBIN = SpiffeId.ofServiceAccount(TRUST_DOMAIN, "full", "httpbin");
    static final TestAuthority AUTHORITY = TestAuthority.seeded(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private long sequence;

    /// The mesh's own record.
    public FollowedRecord mesh() {
        return mesh("mesh-1");
    }

    public FollowedRecord mesh(String id) {
        var settings = new MeshSettings(id, TRUST_DOMAIN, "istio-system", MtlsMode.PERMISSIVE, true);
        return resources(TopicCatalogue.MESH_KEY, ResourceCodec.encode(settings));
    }

    /// A workload with a declared proxy, that the service selects.
    public FollowedRecord workload() {
        return applied(
                ENTRY,
                1,
                Map.of("app", "httpbin", "security.istio.io/tlsMode", "istio"),
                "{'address':'127.20.1.2','serviceAccount':'httpbin','labels':"
                        + "{'app':'httpbin','security.istio.io/tlsMode':'istio'}}");
    }

    public FollowedRecord service() {
        return applied(
                SERVICE_RESOURCE,
                1,
                Map.of(),
                "{'selector':{'app':'httpbin'},'ports':[{'name':'http','port':8000,'targetPort':8000}]}");
    }

    public FollowedRecord policy(long generation, MtlsMode mode) {
        var peers = mode == MtlsMode.DISABLE ? "" : "{'mtls':{'mode':'" + mode.name() + "'}}";
        return applied(POLICY, generation, Map.of(), "{'peers':[" + peers + "]}");
    }

    public FollowedRecord destinationRule(ResourceKey key) {
        return applied(key, 1, Map.of(), "{'host':'httpbin.full.svc.cluster.local'}");
    }

    public FollowedRecord applied(ResourceKey key, long generation, Map<String, String> labels, String spec) {
        sequence++;
        return resources(
                key.toString(),
                ResourceCodec.encode(
                        new StoredResource(key, "uid-" + key.name(), generation, sequence, NOW, labels, json(spec))));
    }

    /// Goes on with another sequence.
    public MeshRecords from(long next) {
        sequence = next - 1;
        return this;
    }

    public static FollowedRecord deleted(ResourceKey key) {
        return resources(key.toString(), null);
    }

    public static FollowedRecord unreadable(ResourceKey key) {
        return resources(key.toString(), new byte[] {'?'});
    }

    /// A node that is there, serves the workload and has read so far.
    public static NodeReport report(String topicId, long position) {
        return new NodeReport(
                NODE,
                HTTPBIN,
                new TreeMap<>(Map.of(WORKLOAD, "0a")),
                topicId,
                position,
                1,
                new TreeMap<>(),
                "",
                NOW.plusSeconds(3600L * 24 * 365 * 50));
    }

    /// The same node, which may be asked there.
    public static NodeReport observable(NodeReport report, String admin) {
        return new NodeReport(
                report.node(),
                report.identity(),
                report.workloads(),
                report.topicId(),
                report.position(),
                report.trustSequence(),
                report.rejected(),
                admin,
                report.certificateExpiry());
    }

    public static NodeReport numbered(NodeReport report, long number) {
        return new NodeReport(
                report.node(),
                report.identity(),
                report.workloads(),
                report.topicId(),
                report.position(),
                report.trustSequence(),
                report.rejected(),
                report.admin(),
                report.certificateExpiry(),
                number);
    }

    /// The same node, as it says goodbye.
    public static NodeReport leaving(NodeReport report, Instant gone) {
        return new NodeReport(
                report.node(),
                report.identity(),
                report.workloads(),
                report.topicId(),
                report.position(),
                report.trustSequence(),
                report.rejected(),
                report.admin(),
                gone);
    }

    /// Another node, which has read nothing.
    ///
    /// @param end after which it is gone
    public static NodeReport other(String topicId, Instant end) {
        return new NodeReport(
                new NodeId("sleep.full"), HTTPBIN, new TreeMap<>(), topicId, 0, 1, new TreeMap<>(), "", end);
    }

    public static NodeReport rejecting(NodeReport report, ConfigKey key, String reason) {
        return new NodeReport(
                report.node(),
                report.identity(),
                report.workloads(),
                report.topicId(),
                report.position(),
                report.trustSequence(),
                new TreeMap<>(Map.of(key, reason)),
                report.admin(),
                report.certificateExpiry());
    }

    /// A report as the node itself seals it.
    public static FollowedRecord reported(NodeReport report) {
        return reported(report, AUTHORITY);
    }

    public static FollowedRecord reported(NodeReport report, TestAuthority authority) {
        var issued = authority.leaf(report.identity()).node(report.node()).issue();
        return nodes(report.node().value(), ReportSeal.seal(report, X509Svid.of(issued.chain(), issued.key())));
    }

    public static FollowedRecord nodes(String key, byte[] value) {
        return new FollowedRecord(TopicCatalogue.NODES.name(), key, value, 0);
    }

    /// The trust bundle under which the nodes' certificates stand.
    public static FollowedRecord trust() {
        return trust(1, AUTHORITY);
    }

    public static FollowedRecord trust(long bundleSequence, TestAuthority authority) {
        return new FollowedRecord(
                TopicCatalogue.TRUST.name(),
                TRUST_DOMAIN.name(),
                TrustBundleCodec.encode(authority.bundle(TRUST_DOMAIN, bundleSequence)),
                0);
    }

    private static FollowedRecord resources(String key, byte[] value) {
        return new FollowedRecord(TopicCatalogue.RESOURCES.name(), key, value, 0);
    }

    private static JsonNode json(String spec) {
        try {
            return JSON.readTree(spec.replace('\'', '"'));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(spec, e);
        }
    }
}
