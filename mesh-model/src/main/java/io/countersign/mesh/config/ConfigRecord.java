package io.countersign.mesh.config;

/// A shared fact that the nodes are told; the nodes join them.
public sealed interface ConfigRecord permits WorkloadConfig, ServiceConfig, NamespaceRules, MeshConfig {
    ConfigKey key();
}
