package io.countersign.integration.bench;

/// How large a simulated mesh is. Every service has its own namespace's share, ten workloads and one node that serves
/// them all.
record MeshSize(String name, int services) {
    static final MeshSize SMALL = new MeshSize("small", 100);
    static final MeshSize FULL = new MeshSize("full", 1_000);

    private static final int WORKLOADS_PER_SERVICE = 10;

    int workloadsPerService() {
        return WORKLOADS_PER_SERVICE;
    }

    int workloads() {
        return services * WORKLOADS_PER_SERVICE;
    }

    int nodes() {
        return services;
    }
}
