package io.countersign.policy;

import io.countersign.identity.IdentitySettings;
import io.countersign.policy.access.UserTable;
import io.countersign.policy.mesh.MeshPlan;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// The configuration, read once and validated, as the values that the features take.
@Singleton
class PolicyWiring {
    /// Makes the values at start, so that what is wrong stops the process then.
    void check(@Observes StartupEvent event, UserTable users, MeshPlan mesh) {}

    @Produces
    @Singleton
    UserTable users(PolicyConfig config) {
        return UserTable.load(config.usersFile());
    }

    @Produces
    @Singleton
    MeshPlan mesh(PolicyConfig config, IdentitySettings identity) {
        return new MeshPlan(
                identity.spiffeId().trustDomain(),
                config.mesh().rootNamespace(),
                config.mesh().defaultMode());
    }

    @Produces
    @Singleton
    IdentitySettings identity(IdentityConfig config) {
        return IdentitySettings.parse(
                config.caUri(), config.spiffeId(), config.nodeId(), config.joinTokenFile(), config.directory());
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }
}
