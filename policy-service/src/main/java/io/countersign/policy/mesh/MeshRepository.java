package io.countersign.policy.mesh;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/// The table of the mesh's settings.
@ApplicationScoped
class MeshRepository implements PanacheRepositoryBase<MeshRow, UUID> {}
