package io.countersign.outbox;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/// Configuration of the connection to the bus.
@ConfigMapping(prefix = "countersign.bus")
public interface BusConfig {
    /// A Kafka client properties file, as Kafka's own tools take it: servers, security protocol, credentials.
    Path propertiesFile();
}
