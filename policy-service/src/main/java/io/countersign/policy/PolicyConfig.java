package io.countersign.policy;

import io.countersign.mesh.resource.MtlsMode;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/// Configuration of policy-service.
@ConfigMapping(prefix = "countersign.policy")
public interface PolicyConfig {
    /// Who may ask: a Kubernetes static token file, `token,user,uid,"groups"`.
    Path usersFile();

    Mesh mesh();

    /// How the mesh is founded at the first start; only auto-mtls may change later.
    interface Mesh {
        /// The namespace whose rules hold for all.
        @WithDefault("istio-system")
        String rootNamespace();

        /// In force where no policy is.
        @WithDefault("PERMISSIVE")
        MtlsMode defaultMode();

        /// Whether clients use mutual TLS by themselves where the server takes it.
        @WithDefault("true")
        boolean autoMtls();
    }
}
