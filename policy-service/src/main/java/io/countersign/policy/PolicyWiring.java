package io.countersign.policy;

import io.countersign.controlplane.IdentityConfig;
import io.countersign.controlplane.KnownKeys;
import io.countersign.controlplane.ServiceIdentity;
import io.countersign.controlplane.UserTable;
import io.countersign.outbox.BusConfig;
import io.countersign.outbox.OutboxConfig;
import io.countersign.policy.mesh.MeshPlan;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.config.Config;

/// The configuration, read once and validated, as the values that the features take.
@Singleton
class PolicyWiring {
    /// Makes the values at start, so that what is wrong stops the process then; without an SVID there is no server.
    void check(
            @Observes StartupEvent event,
            Config config,
            UserTable users,
            MeshPlan mesh,
            @Identifier(ServiceIdentity.TLS_CONFIGURATION) ServiceIdentity identity) {
        KnownKeys.require(
                config.getPropertyNames(),
                PolicyConfig.class,
                IdentityConfig.class,
                BusConfig.class,
                OutboxConfig.class);
        identity.awaitFirst();
    }

    @Produces
    @Singleton
    UserTable users(PolicyConfig config) {
        return UserTable.load(config.usersFile());
    }

    @Produces
    @Singleton
    MeshPlan mesh(PolicyConfig config, IdentityConfig identity) {
        return new MeshPlan(
                ServiceIdentity.settings(identity).spiffeId().trustDomain(),
                config.mesh().rootNamespace(),
                config.mesh().defaultMode(),
                config.mesh().autoMtls());
    }

    @Produces
    @Singleton
    @Identifier(ServiceIdentity.TLS_CONFIGURATION)
    ServiceIdentity identity(IdentityConfig config) {
        return new ServiceIdentity(config);
    }

    void end(@Disposes @Identifier(ServiceIdentity.TLS_CONFIGURATION) ServiceIdentity identity) {
        identity.close();
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }
}
