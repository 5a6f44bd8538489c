package io.countersign.local.plan;

import io.countersign.local.process.Endpoint;

/// The addresses that one mesh lives in, so that several stand side by side on one machine: a part of 127/8, or of 10/8
/// where every workload is a pod, a network namespace of its own.
///
/// @param prefix `127.` or, for pods, `10.`, and a number of 1 to 255
public record LocalNetwork(String prefix) {

    /// What the sample manifests are written for.
    public static final LocalNetwork DEFAULT = new LocalNetwork("127.20");

    /// Where pods are when nobody says otherwise.
    public static final LocalNetwork PODS = new LocalNetwork("10.20");

    static final int BUS_PORT = 9092;
    static final int BUS_CONTROLLER_PORT = 9093;
    static final int DATABASE_PORT = 5432;
    static final int CA_PORT = 8443;
    static final int CA_HEALTH_PORT = 8444;
    static final int POLICY_PORT = 6443;
    static final int POLICY_HEALTH_PORT = 6444;
    static final int DISTRIBUTOR_PORT = 7443;
    static final int DISTRIBUTOR_HEALTH_PORT = 7444;
    static final int OUTBOUND_PORT = 15001;
    static final int ADMIN_PORT = 15000;
    static final int HEALTH_PORT = 15021;
    static final int METRICS_PORT = 15090;
    static final int INBOUND_PORT = 15006;
    static final String GATEWAY_HOST = "4.1";

    public LocalNetwork {
        if (!prefix.matches("(127|10)\\.([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])")) {
            throw new IllegalArgumentException(
                    "network: " + prefix + " (expected: 127.1 to 127.255, for pods 10.1 to 10.255)");
        }
    }

    /// The address of the whole control plane.
    public String control() {
        return prefix + ".0.1";
    }

    /// Whether workloads are pods.
    public boolean pods() {
        return prefix.startsWith("10.");
    }

    /// The network interface that pods are plugged into, and the beginning of the names of all that belongs to them.
    public String bridge() {
        return "csn" + number();
    }

    /// The address that a service keeps, whatever its workloads.
    public String address(SampleService service) {
        return prefix + ".255." + service.number();
    }

    public Endpoint bus() {
        return control(BUS_PORT);
    }

    public Endpoint database() {
        return control(DATABASE_PORT);
    }

    public Endpoint ca() {
        return control(CA_PORT);
    }

    public Endpoint policy() {
        return control(POLICY_PORT);
    }

    public Endpoint distributor() {
        return control(DISTRIBUTOR_PORT);
    }

    public String address(SampleWorkload workload) {
        return prefix + "." + workload.host();
    }

    /// The HTTP proxy that a meshed workload has.
    String outbound(SampleWorkload workload) {
        return "http://" + address(workload) + ":" + OUTBOUND_PORT;
    }

    /// The address of the gateway.
    String gateway() {
        return prefix + "." + GATEWAY_HOST;
    }

    /// The network's number, for addresses of IPv6.
    String number() {
        return prefix.substring(prefix.indexOf('.') + 1);
    }

    Endpoint control(int port) {
        return new Endpoint(control(), port);
    }
}
