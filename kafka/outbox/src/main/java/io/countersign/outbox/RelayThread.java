package io.countersign.outbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/// The relay on its one virtual thread, from the service's start to its stop. A bus that is away neither holds up the
/// start nor makes the service unready: what is committed waits in the table.
@Singleton
class RelayThread {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final OutboxRelay relay;
    private final Map<String, Object> bus;
    private final Instance<TopicOwner> owners;
    private volatile @Nullable Thread thread;

    private final OutboxStore store;
    private final HistoryGuard guard;

    /// All made by the relay's thread.
    private @Nullable TopicWatch topics;

    private volatile @Nullable Admin admin;
    private @Nullable PublishedTopics published;

    /// @param owners asked for by the relay's thread only, since they need the outbox themselves
    RelayThread(
            DataSource dataSource,
            OutboxTable table,
            OutboxConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> bus,
            Instance<TopicOwner> owners) {
        var settings = RelaySettings.of(config);
        this.bus = bus;
        this.owners = owners;
        this.store = new OutboxTurn(dataSource, settings.turnTimeout());
        this.guard = new HistoryGuard(table, this::published, this::ownedTopics);
        this.relay = new OutboxRelay(
                store, new TransactionalSink(bus, settings.transactionalId()), settings, guard, this::watchTopics);
    }

    private PublishedTopics published() {
        var known = published;
        if (known == null) {
            known = new ConsumedTopics(bus);
            published = known;
        }
        return known;
    }

    private List<String> ownedTopics() {
        return owners.stream().map(TopicOwner::topic).toList();
    }

    private void watchTopics() {
        var watch = topics;
        if (watch == null) {
            var all = owners.stream().toList();
            var client = Admin.create(bus);
            admin = client;
            watch = new TopicWatch(all, new BusTopics.Asked(client), store);
            topics = watch;
        }
        watch.poll();
    }

    /// Whether what this service publishes goes on from what its topics hold.
    HistoryGuard.Standing standing() {
        return guard.standing();
    }

    void nudge() {
        relay.nudge();
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("outbox-relay").start(this::run);
    }

    private void run() {
        try {
            relay.run();
        } finally {
            var reader = published;
            if (reader != null) {
                reader.close();
            }
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        relay.stop();
        var running = thread;
        if (running != null && !running.join(STOP_TIMEOUT)) {
            running.interrupt();
        }
        var client = admin;
        if (client != null) {
            client.close(CLOSE_TIMEOUT);
        }
    }
}
