package io.countersign.ca.server;

import io.countersign.ca.CaConfig;
import io.countersign.ca.CaSettings;
import io.countersign.ca.authority.AuthorityStart;
import io.countersign.controlplane.KnownKeys;
import io.countersign.outbox.BusConfig;
import io.countersign.outbox.OutboxConfig;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The order of the start: configuration, authorities, own certificate; then the HTTPS server opens. What throws here
/// stops the process.
@Singleton
class CaStart {
    private static final Logger LOG = LoggerFactory.getLogger(CaStart.class);

    void onStart(
            @Observes StartupEvent event,
            SmallRyeConfig config,
            CaSettings settings,
            AuthorityStart authorities,
            ServerSvid serverSvid) {
        KnownKeys.require(config.getPropertyNames(), CaConfig.class, OutboxConfig.class, BusConfig.class);
        LOG.atInfo()
                .addKeyValue("trustDomain", settings.trustDomain())
                .addKeyValue("svidLifetime", settings.svidLifetime())
                .addKeyValue("settings", settings)
                .log("ca-service starts");
        authorities.loadOrCreate();
        serverSvid.start();
    }
}
