package io.countersign.distributor;

import io.countersign.controlplane.KnownKeys;
import io.countersign.distributor.publication.Distributor;
import io.countersign.distributor.publication.DistributorMetrics;
import io.countersign.distributor.publication.PublicationSettings;
import io.countersign.events.BusProperties;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts and stops the distributor with the process.
@Singleton
class DistributorLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(DistributorLifecycle.class);
    private static final int UNUSABLE_BUS = 1;

    @Produces
    @Singleton
    Distributor distributor(BusConfig bus, DistributionConfig distribution, DistributorMetrics metrics) {
        var settings = new PublicationSettings(
                distribution.progressInterval(),
                distribution.transitionMax(),
                bus.topicCheckInterval(),
                bus.retryPause());
        LOG.atInfo().addKeyValue("settings", settings).log("configuration in force");
        return new Distributor(
                BusProperties.load(bus.propertiesFile()),
                settings,
                Clock.systemUTC(),
                metrics,
                () -> Quarkus.asyncExit(UNUSABLE_BUS));
    }

    void onStart(@Observes StartupEvent event, Config config, Distributor distributor) {
        KnownKeys.require(config.getPropertyNames(), BusConfig.class, DistributionConfig.class);
        distributor.start();
    }

    void onStop(@Observes ShutdownEvent event, Distributor distributor) {
        distributor.close();
    }
}
