package io.countersign.mesh.projection;

import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.resource.MtlsMode;

/// What holds for the whole mesh, written once and first.
///
/// @param meshId tells this mesh from every other
/// @param rootNamespace whose rules hold for all
/// @param defaultMode in force where no policy is
/// @param autoMtls whether clients use mutual TLS by themselves where the server takes it
public record MeshSettings(
        String meshId, TrustDomain trustDomain, String rootNamespace, MtlsMode defaultMode, boolean autoMtls) {}
