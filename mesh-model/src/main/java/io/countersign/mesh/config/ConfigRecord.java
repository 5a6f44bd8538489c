package io.countersign.mesh.config;

/// A shared fact that the nodes are told: one of a workload, one of a service. The nodes join them.
public sealed interface ConfigRecord permits WorkloadConfig, ServiceConfig {
    ConfigKey key();
}
