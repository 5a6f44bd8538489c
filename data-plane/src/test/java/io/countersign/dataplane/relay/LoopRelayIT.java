package io.countersign.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.telemetry.Metrics;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.mesh.view.MeshView;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an event loop does every second, with connections that have a defect among the others.
class LoopRelayIT {
    private final ScriptedApp app = ScriptedApp.start((connection, _) -> connection.readHead());
    private final TestSidecars sidecars = new TestSidecars(app.port());
    private final Metrics metrics = new Metrics();

    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (var client : clients) {
            client.close();
        }
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
        var broken = new Served(accepted(), () -> {
            throw new IllegalStateException("a defect");
        });
        var worse = new Served(accepted(), () -> {
            throw new AssertionError("another one");
        });
        var ticks = new AtomicInteger();
        var sound = new Served(accepted(), ticks::incrementAndGet);

        // When
        Stream.of(broken, worse, sound).forEach(served -> {
            var loop = served.channel().eventLoop();
            CompletableFuture.runAsync(() -> relay.of(loop).opened(served), loop)
                    .join();
        });

        // Then
        Awaitility.await().untilAsserted(() -> assertThat(ticks).hasValueGreaterThanOrEqualTo(2));
        assertThat(broken.channel.isOpen()).isFalse();
        assertThat(worse.channel.isOpen()).isFalse();
        assertThat(sound.channel.isOpen()).isTrue();
        assertThat(relay.connections().join()).isEqualTo(1);
        assertThat(metrics.text("countersign_relay_failures")).contains("total: 2");
    }

    private Channel accepted() {
        var accepted = new CompletableFuture<Channel>();
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var listener = Listener.bind(sidecars.loops, anyPort, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                accepted.complete(channel);
            }
        });
        clients.add(new RawClient(listener.address().getPort()));
        return accepted.join();
    }

    private record Served(Channel channel, Runnable onTick) implements ServedConnection {
        @Override
        public Optional<PeerIdentity> peer() {
            return Optional.empty();
        }

        @Override
        public void tick(long nowNanos) {
            onTick.run();
        }

        @Override
        public void hold(HeldBytes held) {}

        @Override
        public OptionalLong idleSinceNanos() {
            return OptionalLong.empty();
        }

        @Override
        public void drain() {}

        @Override
        public void cut() {}
    }
}
