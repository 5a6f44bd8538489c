package io.countersign.distributor.api;

import io.countersign.mesh.resource.ResourceKey;

/// A resource, as kubectl has it.
record ResourceName(String kind, String namespace, String name) {
    static ResourceName of(ResourceKey key) {
        return new ResourceName(key.type().kind(), key.namespace(), key.name());
    }
}
