package io.countersign.mesh.resource;

import static io.countersign.mesh.resource.Schema.ANYTHING;
import static io.countersign.mesh.resource.Schema.FLAG;
import static io.countersign.mesh.resource.Schema.LABELS;
import static io.countersign.mesh.resource.Schema.PORT;
import static io.countersign.mesh.resource.Schema.TEXT;
import static io.countersign.mesh.resource.Schema.TEXTS;
import static io.countersign.mesh.resource.Schema.fields;

import java.util.List;

/// The `spec` of every kind, field by field as Kubernetes and Istio document it, so that a manifest written for
/// either is accepted as it is. Fields that steer nothing in this mesh (load balancing, locality) are accepted and
/// kept.
final class ResourceSchemas {
    private static final Schema MODES_OF_V1ALPHA1 = new Schema.Choice(List.of("STRICT", "PERMISSIVE"));
    private static final Schema PEER_MODES = new Schema.Choice(List.of("UNSET", "DISABLE", "PERMISSIVE", "STRICT"));

    private static final Schema PORT_SELECTOR = fields("number", PORT, "name", TEXT);

    static final Schema.Fields NAMESPACE = fields("finalizers", TEXTS);

    static final Schema.Fields SERVICE = fields(
            "selector",
            LABELS,
            "ports",
            new Schema.ListOf(fields(
                    "name",
                    TEXT,
                    "port!",
                    PORT,
                    "targetPort",
                    new Schema.IntOrText(),
                    "protocol",
                    new Schema.Choice(List.of("TCP", "UDP", "SCTP")),
                    "appProtocol",
                    TEXT,
                    "nodePort",
                    new Schema.Whole(0, 65_535))),
            "type",
            TEXT,
            "clusterIP",
            TEXT,
            "clusterIPs",
            TEXTS,
            "externalIPs",
            TEXTS,
            "externalName",
            TEXT,
            "externalTrafficPolicy",
            TEXT,
            "healthCheckNodePort",
            new Schema.Whole(0, 65_535),
            "internalTrafficPolicy",
            TEXT,
            "ipFamilies",
            TEXTS,
            "ipFamilyPolicy",
            TEXT,
            "loadBalancerClass",
            TEXT,
            "loadBalancerIP",
            TEXT,
            "loadBalancerSourceRanges",
            TEXTS,
            "allocateLoadBalancerNodePorts",
            FLAG,
            "publishNotReadyAddresses",
            FLAG,
            "sessionAffinity",
            TEXT,
            "sessionAffinityConfig",
            ANYTHING,
            "trafficDistribution",
            TEXT);

    static final Schema.Fields WORKLOAD_ENTRY = fields(
            "address!", TEXT,
            "ports", new Schema.MapOf(PORT),
            "labels", LABELS,
            "network", TEXT,
            "locality", TEXT,
            "weight", new Schema.Whole(0, Integer.MAX_VALUE),
            "serviceAccount", TEXT);

    static final Schema.Fields POLICY = fields(
            "targets", new Schema.ListOf(fields("name!", TEXT, "ports", new Schema.ListOf(PORT_SELECTOR))),
            "peers",
                    new Schema.ListOf(
                            fields("mtls", fields("mode", MODES_OF_V1ALPHA1, "allowTls", FLAG), "jwt", ANYTHING)),
            "peerIsOptional", FLAG,
            "origins", new Schema.ListOf(ANYTHING),
            "originIsOptional", FLAG,
            "principalBinding", new Schema.Choice(List.of("USE_PEER", "USE_ORIGIN")));

    static final Schema.Fields PEER_AUTHENTICATION = fields(
            "selector", fields("matchLabels", LABELS),
            "mtls", fields("mode", PEER_MODES),
            "portLevelMtls", new Schema.MapOf(fields("mode", PEER_MODES)));

    private static final Schema CLIENT_TLS = fields(
            "mode!", new Schema.Choice(List.of("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL")),
            "clientCertificate", TEXT,
            "privateKey", TEXT,
            "caCertificates", TEXT,
            "credentialName", TEXT,
            "subjectAltNames", TEXTS,
            "sni", TEXT,
            "insecureSkipVerify", FLAG,
            "caCrl", TEXT);

    private static final Schema PORT_POLICY = fields(
            "port", fields("number", PORT),
            "tls", CLIENT_TLS,
            "loadBalancer", ANYTHING,
            "connectionPool", ANYTHING,
            "outlierDetection", ANYTHING);

    private static final Schema TRAFFIC_POLICY = fields(
            "tls", CLIENT_TLS,
            "portLevelSettings", new Schema.ListOf(PORT_POLICY),
            "loadBalancer", ANYTHING,
            "connectionPool", ANYTHING,
            "outlierDetection", ANYTHING,
            "tunnel", ANYTHING,
            "proxyProtocol", ANYTHING,
            "retryBudget", ANYTHING);

    static final Schema.Fields DESTINATION_RULE = fields(
            "host!", TEXT,
            "trafficPolicy", TRAFFIC_POLICY,
            "subsets", new Schema.ListOf(fields("name!", TEXT, "labels", LABELS, "trafficPolicy", TRAFFIC_POLICY)),
            "exportTo", TEXTS,
            "workloadSelector", fields("matchLabels", LABELS));

    private ResourceSchemas() {}
}
