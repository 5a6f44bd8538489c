package io.countersign.policy.mesh;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/// The one row of what was settled when the mesh was made.
@Entity
@Table(name = "mesh")
class MeshRow {
    @Id
    @Column(name = "mesh_id")
    UUID meshId = new UUID(0, 0);

    @Column(name = "trust_domain")
    String trustDomain = "";

    @Column(name = "root_namespace")
    String rootNamespace = "";

    @Column(name = "default_mode")
    String defaultMode = "";

    @Column(name = "auto_mtls")
    boolean autoMtls = true;
}
