package io.countersign.local.plan;

import io.countersign.local.process.Endpoint;

/// The part of 127/8 that one mesh lives in, so that several stand side by side on one machine.
///
/// @param prefix `127.` and a number of 1 to 255
public record LocalNetwork(String prefix) {

    /// What the sample manifests are written for.
    public static final LocalNetwork DEFAULT = new LocalNetwork("127.20");

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

    public LocalNetwork {
        if (!prefix.matches("127\\.([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])")) {
            throw new IllegalArgumentException("network: " + prefix + " (expected: 127.1 to 127.255)");
        }
    }

    /// The address of the whole control plane.
    public String control() {
        return prefix + ".0.1";
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
        return prefix + ".4.1";
    }

    Endpoint control(int port) {
        return new Endpoint(control(), port);
    }
}
