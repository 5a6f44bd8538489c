package io.countersign.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.telemetry.Metrics;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.mesh.view.MeshView;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an event loop does every second, with connections that have a defect among the others.
class LoopRelayIT {
    private final ScriptedApp app = ScriptedApp.start((connection, _) -> connection.readHead());
    private final TestSidecars sidecars = new TestSidecars(app.port());
    private final Metrics metrics = new Metrics();

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @Test
    void aConnectionThatFailsIsResetAndKeepsNoOtherFromItsTicks() {
        // Given
        var relay = Relay.start(
                sidecars.loops,
                sidecars.serverTls,
                RelaySettings.DEFAULTS,
                TestSidecars.SHORT_DRAIN,
                metrics.of(Optional.empty(), TestSidecars.HTTPBIN, () -> MeshView.EMPTY));
        var loop = sidecars.loops.all().getFirst();
        var broken = new Served(() -> {
            throw new IllegalStateException("a defect");
        });
        var worse = new Served(() -> {
            throw new AssertionError("another one");
        });
        var ticks = new AtomicInteger();
        var sound = new Served(ticks::incrementAndGet);

        // When
        CompletableFuture.runAsync(
                        () -> {
                            relay.of(loop).opened(broken);
                            relay.of(loop).opened(worse);
                            relay.of(loop).opened(sound);
                        },
                        loop)
                .join();

        // Then
        Awaitility.await().untilAsserted(() -> assertThat(ticks).hasValueGreaterThanOrEqualTo(2));
        assertThat(broken.channel.isOpen()).isFalse();
        assertThat(worse.channel.isOpen()).isFalse();
        assertThat(sound.channel.isOpen()).isTrue();
        assertThat(relay.connections().join()).isEqualTo(1);
        assertThat(metrics.text("countersign_relay_failures")).contains("total: 2");
    }

    private static final class Served implements ServedConnection {
        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final Runnable tick;

        Served(Runnable tick) {
            this.tick = tick;
        }

        @Override
        public Channel channel() {
            return channel;
        }

        @Override
        public Optional<PeerIdentity> peer() {
            return Optional.empty();
        }

        @Override
        public void tick(long nowNanos) {
            tick.run();
        }

        @Override
        public void drain() {}

        @Override
        public void cut() {}
    }
}
