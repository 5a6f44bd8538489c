package io.countersign.mesh.resource;

import java.time.Instant;

/// A resource as the rest of the mesh sees it.
///
/// @param uid of this life of the name: a resource deleted and created anew has another one
/// @param generation raised by every change of the spec
/// @param sequence the commit sequence of the write: grows over all resources
/// @param created decides which of two rules at one level is older
public record Resource(
        ResourceKey key, String uid, long generation, long sequence, Instant created, ResourceSpec spec) {}
