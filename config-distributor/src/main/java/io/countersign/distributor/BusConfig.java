package io.countersign.distributor;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/// How the bus is reached.
@ConfigMapping(prefix = "countersign.bus")
interface BusConfig {
    /// A Kafka client properties file, as Kafka's own tools take it: servers, security protocol, credentials.
    Path propertiesFile();

    /// How late a topic that was deleted and created anew may be noticed.
    @WithDefault("PT5S")
    Duration topicCheckInterval();

    /// The longest pause after a failure, before all is read anew.
    @WithDefault("PT1S")
    Duration retryPause();
}
