package io.countersign.mesh.config;

/// What every node knows of the whole mesh.
///
/// @param rootNamespace whose rules hold for all
/// @param autoMtls whether clients use mutual TLS by themselves where the server takes it
public record MeshConfig(String rootNamespace, boolean autoMtls) implements ConfigRecord {
    @Override
    public ConfigKey key() {
        return ConfigKey.MESH;
    }
}
