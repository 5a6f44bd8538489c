package io.countersign.local.plan;

import io.countersign.broker.BusUser;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// The configuration files of every process, made from the options and the kept secrets.
final class Configurations {

    static final String CA_SERVICE = "ca-service";
    static final String POLICY_SERVICE = "policy-service";
    static final String CONFIG_DISTRIBUTOR = "config-distributor";
    static final String GATEWAY_ACCOUNT = "istio-ingressgateway";
    static final String GATEWAY = GATEWAY_ACCOUNT + ".istio-system";
    static final String TRUST_DOMAIN = "cluster.local";
    static final String ROOT_NAMESPACE = "istio-system";
    static final String ADMIN_TOKEN = "ca-admin-token";
    static final String KUBERNETES_TOKEN = "kubernetes-token";

    private static final String ANY = "0.0.0.0:";
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    private final MeshOptions options;
    private final StateFolder state;
    private final LocalNetwork network;
    private final Secrets secrets;

    Configurations(MeshOptions options) {
        this.options = options;
        this.state = options.state();
        this.network = options.network();
        this.secrets = new Secrets(options.state());
    }

    /// Writes all of them; what was there of an earlier start is replaced.
    void write() {
        backbone();
        caService();
        policyService();
        configDistributor();
        options.workloads().stream().filter(SampleWorkload::meshed).forEach(this::proxy);
        gateway();
        hosts();
        state.write(state.env(), EnvironmentFile.of(options));
    }

    private void hosts() {
        state.write(state.hosts(""), HostsFile.of(options, ""));
        options.workloads().stream()
                .map(SampleWorkload::namespace)
                .distinct()
                .forEach(namespace -> state.write(state.hosts(namespace), HostsFile.of(options, namespace)));
        if (network.pods()) {
            String hostname = state.read(HOSTNAME).strip();
            for (Pod pod : Pod.of(options)) {
                String address = network.prefix() + "." + pod.host();
                String hosts = HostsFile.ofPod(options, pod.namespace(), address, hostname);
                state.writeForAll(state.workload(pod.id()).resolve("hosts"), hosts);
            }
        }
    }

    static String spiffeId(String service) {
        return "spiffe://" + TRUST_DOMAIN + "/ns/" + ROOT_NAMESPACE + "/sa/" + service;
    }

    String kubernetesToken() {
        return secrets.password(KUBERNETES_TOKEN);
    }

    String caAdminToken() {
        return secrets.password(ADMIN_TOKEN);
    }

    private void backbone() {
        var properties = new HashMap<String, String>();
        properties.put("address", network.control());
        properties.put("ready-file", state.backboneReady().toString());
        properties.put("bus.directory", state.data().resolve("kafka").toString());
        properties.put("bus.port", Integer.toString(LocalNetwork.BUS_PORT));
        properties.put("bus.controller.port", Integer.toString(LocalNetwork.BUS_CONTROLLER_PORT));
        properties.put("bus.administrator.password", busPassword("admin"));
        busUsers().forEach(user -> properties.put("bus.password." + user, busPassword(user)));
        properties.put("database.home", MeshPlan.postgresHome(state).toString());
        properties.put("database.directory", state.postgresData().toString());
        properties.put("database.port", Integer.toString(LocalNetwork.DATABASE_PORT));
        properties.put("database.superuser.password", databasePassword("postgres"));
        database(properties, "ca", CA_SERVICE);
        database(properties, "policy", POLICY_SERVICE);
        state.write(state.configuration("backbone"), PropertiesText.of(properties));
        bus("admin");
    }

    private void database(Map<String, String> properties, String name, String owner) {
        properties.put("database.owner." + name, owner);
        properties.put("database.password." + name, databasePassword(owner));
    }

    private void caService() {
        var properties = service(CA_SERVICE, LocalNetwork.CA_HEALTH_PORT);
        datasource(properties, "ca", CA_SERVICE);
        secrets.password(ADMIN_TOKEN);
        properties.put("countersign.ca.trust-domain", TRUST_DOMAIN);
        properties.put(
                "countersign.ca.issuance.svid-lifetime", options.svidLifetime().toString());
        properties.put(
                "countersign.ca.admin.token-file", state.secret(ADMIN_TOKEN).toString());
        properties.put(
                "countersign.ca.authority.key-encryption-key-file",
                secrets.keyFile("key-encryption-key").toString());
        properties.put("countersign.ca.http.address", network.control());
        properties.put("countersign.ca.http.port", Integer.toString(LocalNetwork.CA_PORT));
        properties.put("countersign.ca.server.dns-names", Kubeconfig.CA_NAME);
        write(CA_SERVICE, properties);
    }

    private void policyService() {
        var properties = service(POLICY_SERVICE, LocalNetwork.POLICY_HEALTH_PORT);
        datasource(properties, "policy", POLICY_SERVICE);
        identity(properties, POLICY_SERVICE, spiffeId(POLICY_SERVICE));
        properties.put("countersign.policy.users-file", users());
        properties.put("countersign.policy.mesh.root-namespace", ROOT_NAMESPACE);
        properties.put("countersign.policy.mesh.default-mode", "PERMISSIVE");
        properties.put("quarkus.http.host", network.control());
        properties.put("quarkus.http.ssl-port", Integer.toString(LocalNetwork.POLICY_PORT));
        write(POLICY_SERVICE, properties);
    }

    private void configDistributor() {
        var properties = service(CONFIG_DISTRIBUTOR, LocalNetwork.DISTRIBUTOR_HEALTH_PORT);
        identity(properties, CONFIG_DISTRIBUTOR, spiffeId(CONFIG_DISTRIBUTOR));
        // With its certificate it starts without ca-service.
        properties.put(
                "countersign.identity.directory",
                state.certificates(CONFIG_DISTRIBUTOR).toString());
        properties.put("countersign.distributor.users-file", users());
        properties.put("quarkus.http.host", network.control());
        properties.put("quarkus.http.ssl-port", Integer.toString(LocalNetwork.DISTRIBUTOR_PORT));
        write(CONFIG_DISTRIBUTOR, properties);
    }

    /// @return the path of the users of both APIs, which it writes
    private String users() {
        var file = state.secret("kubernetes-users.csv");
        state.write(file, kubernetesToken() + ",admin,admin,\"system:masters\"\n");
        return file.toString();
    }

    private void proxy(SampleWorkload workload) {
        String address = network.address(workload);
        var properties = node(workload.id(), workload.spiffeId(), address);
        properties.put("countersign.node.workload", workload.namespace() + "/" + workload.name());
        if (network.pods()) {
            properties.put("countersign.proxy.inbound.captured", ANY + LocalNetwork.INBOUND_PORT);
            properties.put("countersign.proxy.outbound.captured", ANY + LocalNetwork.OUTBOUND_PORT);
        } else {
            properties.put("countersign.proxy.inbound.address", address);
            if (workload.serves()) {
                properties.put(
                        "countersign.proxy.inbound.ports.\""
                                + workload.program().port() + "\"",
                        address + ":" + workload.programPort(false));
            }
            properties.put("countersign.proxy.outbound.address", address + ":" + LocalNetwork.OUTBOUND_PORT);
        }
        write(workload.proxyPart(), properties);
    }

    private void gateway() {
        write(GATEWAY, node(GATEWAY, spiffeId(GATEWAY_ACCOUNT), network.gateway()));
    }

    /// What every kind of node is told.
    private Map<String, String> node(String id, String spiffeId, String address) {
        var properties = new LinkedHashMap<String, String>();
        identity(properties, id, spiffeId);
        properties.put("countersign.identity.directory", state.certificates(id).toString());
        properties.put("countersign.bus.properties-file", bus("node-" + id));
        properties.put("countersign.node.trust-domain", TRUST_DOMAIN);
        // A pod has a loopback of its own, which nobody outside reaches.
        String own = network.pods() ? "127.0.0.1" : address;
        properties.put("countersign.node.admin.address", own + ":" + LocalNetwork.ADMIN_PORT);
        String reachable = network.pods() ? ANY : address + ":";
        properties.put("countersign.node.health.address", reachable + LocalNetwork.HEALTH_PORT);
        properties.put("countersign.node.metrics.address", reachable + LocalNetwork.METRICS_PORT);
        properties.put("countersign.node.observer-id", spiffeId(CONFIG_DISTRIBUTOR));
        properties.put("countersign.node.access-log", "true");
        // Another start may be one of other samples.
        properties.put("countersign.node.leaves-when-stopped", "true");
        properties.put(
                "countersign.node.state-directory",
                state.workload(id).resolve("state").toString());
        return properties;
    }

    private Map<String, String> service(String name, int healthPort) {
        var properties = new HashMap<String, String>();
        properties.put("countersign.bus.properties-file", bus(name));
        properties.put("quarkus.management.host", network.control());
        properties.put("quarkus.management.port", Integer.toString(healthPort));
        // The launcher asks often while a service starts; each "not yet" would be a line in its log.
        properties.put("quarkus.log.category.\"io.smallrye.health\".level", "WARN");
        return properties;
    }

    private void datasource(Map<String, String> properties, String database, String owner) {
        properties.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://" + network.database() + "/" + database);
        properties.put("quarkus.datasource.username", owner);
        properties.put("quarkus.datasource.password", databasePassword(owner));
    }

    private void identity(Map<String, String> properties, String node, String spiffeId) {
        properties.put("countersign.identity.ca-uri", "https://" + network.ca());
        properties.put("countersign.identity.spiffe-id", spiffeId);
        properties.put("countersign.identity.node-id", node);
        properties.put(
                "countersign.identity.join-token-file", state.joinToken(node).toString());
    }

    /// @return the path of the user's bus properties, which it writes
    private String bus(String user) {
        var properties = new HashMap<String, String>();
        new BusUser(user, busPassword(user))
                .clientProperties(network.bus().toString())
                .forEach((key, value) -> properties.put(key, value.toString()));
        state.write(state.busProperties(user), PropertiesText.of(properties));
        return state.busProperties(user).toString();
    }

    private Stream<String> nodes() {
        return Stream.concat(
                options.workloads().stream().filter(SampleWorkload::meshed).map(SampleWorkload::id),
                Stream.of(GATEWAY));
    }

    private Stream<String> busUsers() {
        return Stream.concat(
                Stream.of(CA_SERVICE, POLICY_SERVICE, CONFIG_DISTRIBUTOR), nodes().map(node -> "node-" + node));
    }

    private String busPassword(String user) {
        return secrets.password("bus-password-" + user);
    }

    private String databasePassword(String user) {
        return secrets.password("database-password-" + user);
    }

    private void write(String part, Map<String, String> properties) {
        state.write(state.configuration(part), PropertiesText.of(properties));
    }
}
