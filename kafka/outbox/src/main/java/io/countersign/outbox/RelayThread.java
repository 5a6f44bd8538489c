package io.countersign.outbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The relay on its one virtual thread, from the service's start to its stop. A bus that is away neither holds up the
/// start nor makes the service unready: what is committed waits in the table.
@Singleton
class RelayThread {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    private final OutboxRelay relay;
    private volatile @Nullable Thread thread;

    RelayThread(OutboxTable table, OutboxConfig config, @Identifier("default-kafka-broker") Map<String, Object> bus) {
        var settings = RelaySettings.of(config);
        this.relay = new OutboxRelay(table, new TransactionalSink(bus, settings.transactionalId()), settings);
    }

    void nudge() {
        relay.nudge();
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("outbox-relay").start(relay);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        relay.stop();
        var running = thread;
        if (running != null && !running.join(STOP_TIMEOUT)) {
            running.interrupt();
        }
    }
}
