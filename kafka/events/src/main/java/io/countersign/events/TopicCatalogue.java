package io.countersign.events;

import static io.countersign.events.Topic.Retention.COMPACTED;
import static io.countersign.events.Topic.Retention.LOG;
import static io.countersign.events.Topic.Role.CA_SERVICE;
import static io.countersign.events.Topic.Role.CONFIG_DISTRIBUTOR;
import static io.countersign.events.Topic.Role.NODE;
import static io.countersign.events.Topic.Role.POLICY_SERVICE;

import java.util.List;
import java.util.Set;

/// Every topic, once: brokers, tests and the Kubernetes manifests are made from it. A service with a database reads its
/// own topics, too: whether they end as the database says.
public final class TopicCatalogue {
    public static final Topic RESOURCES = new Topic(
            "countersign.resources",
            "mesh, or group/kind/namespace/name",
            COMPACTED,
            POLICY_SERVICE,
            Set.of(POLICY_SERVICE, CONFIG_DISTRIBUTOR));

    public static final Topic TRUST = new Topic(
            "countersign.trust",
            "trust domain",
            COMPACTED,
            CA_SERVICE,
            Set.of(CA_SERVICE, POLICY_SERVICE, CONFIG_DISTRIBUTOR, NODE));

    public static final Topic REVOCATIONS = new Topic(
            "countersign.revocations",
            "kind/name of what is withdrawn",
            COMPACTED,
            CA_SERVICE,
            Set.of(CA_SERVICE, CONFIG_DISTRIBUTOR, NODE));

    public static final Topic CERTIFICATES =
            new Topic("countersign.certificates", "SPIFFE ID", LOG, CA_SERVICE, Set.of(CA_SERVICE));

    public static final Topic CONFIG = new Topic(
            "countersign.config",
            "workload/namespace/name, service/namespace/name, rules/namespace or mesh/settings",
            COMPACTED,
            CONFIG_DISTRIBUTOR,
            Set.of(CONFIG_DISTRIBUTOR, NODE));

    public static final Topic NODES =
            new Topic("countersign.nodes", "node id", COMPACTED, NODE, Set.of(CONFIG_DISTRIBUTOR, CA_SERVICE));

    public static final Topic DISTRIBUTION = new Topic(
            "countersign.distribution",
            "group/kind/namespace/name, or countersign/node//node id",
            COMPACTED,
            CONFIG_DISTRIBUTOR,
            Set.of(CONFIG_DISTRIBUTOR, POLICY_SERVICE));

    /// The key of the mesh record on [#RESOURCES].
    public static final String MESH_KEY = "mesh";

    public static final List<Topic> ALL =
            List.of(RESOURCES, TRUST, REVOCATIONS, CERTIFICATES, CONFIG, NODES, DISTRIBUTION);

    private TopicCatalogue() {}
}
