package io.countersign.outbox;

import io.countersign.events.BusProperties;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/// The bus's client properties, read once at start, for every channel and client of the service.
@Singleton
class BusConnection {
    /// SmallRye Reactive Messaging takes this bean as the defaults of its Kafka channels.
    @Produces
    @Singleton
    @Identifier("default-kafka-broker")
    Map<String, Object> properties(BusConfig config) {
        return BusProperties.load(config.propertiesFile());
    }
}
