package io.countersign.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Configuration of the relay.
@ConfigMapping(prefix = "countersign.outbox")
public interface OutboxConfig {
    /// The role's fixed Kafka transactional id: a newer relay of the role fences an older one.
    String transactionalId();

    /// How many records go out in one Kafka transaction at most.
    @WithDefault("64")
    int batchSize();

    /// How long the relay waits for a nudge before it looks by itself.
    @WithDefault("PT1S")
    Duration pollInterval();

    /// The longest wait between two attempts while Kafka or the database is away.
    @WithDefault("PT2S")
    Duration maxBackoff();
}
