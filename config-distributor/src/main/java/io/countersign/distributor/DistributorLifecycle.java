package io.countersign.distributor;

import io.countersign.controlplane.IdentityConfig;
import io.countersign.controlplane.KnownKeys;
import io.countersign.controlplane.ServiceIdentity;
import io.countersign.controlplane.UserTable;
import io.countersign.distributor.publication.Distributor;
import io.countersign.distributor.publication.DistributorMetrics;
import io.countersign.distributor.publication.PublicationSettings;
import io.countersign.events.BusProperties;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the service is wired of, started and stopped with the process.
@Singleton
class DistributorLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(DistributorLifecycle.class);
    private static final int UNUSABLE_BUS = 1;

    void onStart(@Observes StartupEvent event, Config config, Distributor distributor, UserTable users) {
        KnownKeys.require(config.getPropertyNames(), BusConfig.class, DistributorConfig.class, IdentityConfig.class);
        distributor.start();
    }

    void onStop(@Observes ShutdownEvent event, Distributor distributor) {
        distributor.close();
    }

    @Produces
    @Singleton
    Distributor distributor(BusConfig bus, DistributorConfig config, InstantSource clock, DistributorMetrics metrics) {
        var settings = new PublicationSettings(
                config.distribution().progressInterval(),
                config.distribution().transitionMax(),
                bus.topicCheckInterval(),
                bus.retryPause());
        LOG.atInfo().addKeyValue("settings", settings).log("configuration in force");
        return new Distributor(
                BusProperties.load(bus.propertiesFile()),
                settings,
                clock,
                metrics,
                () -> Quarkus.asyncExit(UNUSABLE_BUS));
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
    UserTable users(DistributorConfig config) {
        return UserTable.load(config.usersFile());
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }
}
