package io.countersign.dataplane.admin;

import io.countersign.dataplane.inbound.HandshakeWatch;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.tcp.FirstBytesSniffer;
import io.countersign.dataplane.tcp.RawConnection;
import io.countersign.dataplane.tcp.Sniffed;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.mesh.identity.SpiffeId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sets up connections to the health address: plain HTTP from probes, and mutual TLS from the one observer, if there is
/// one. Everything else is reset.
final class HealthConnection extends ChannelInitializer<Channel> {
    private static final Duration FIRST_BYTES_TIMEOUT = Duration.ofSeconds(10);

    private final LiveTls tls;
    private final @Nullable SpiffeId observer;
    private final Consumer<ChannelPipeline> health;
    private final Consumer<ChannelPipeline> pages;

    /// @param health serves probes
    /// @param pages serves the observer
    HealthConnection(
            LiveTls tls,
            Optional<SpiffeId> observer,
            Consumer<ChannelPipeline> health,
            Consumer<ChannelPipeline> pages) {
        this.tls = tls;
        this.observer = observer.orElse(null);
        this.health = health;
        this.pages = pages;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline()
                .addLast(new LingeringClose())
                .addLast(new FirstBytesSniffer(FIRST_BYTES_TIMEOUT, this::admit));
    }

    private void admit(ChannelHandlerContext sniffer, Sniffed sniffed, Optional<RawConnection> ahead) {
        var contexts = tls.current();
        switch (sniffed.first()) {
            case HTTP1 -> health.accept(sniffer.pipeline());
            case MESH_TLS, OTHER_TLS -> {
                if (observer == null || contexts.isEmpty()) {
                    LingeringClose.reset(sniffer.pipeline());
                } else {
                    terminate(sniffer, contexts.get(), observer);
                }
            }
            case HTTP2, OTHER, SILENT -> LingeringClose.reset(sniffer.pipeline());
        }
    }

    private void terminate(ChannelHandlerContext sniffer, TlsContexts contexts, SpiffeId only) {
        var handler = contexts.newServerHandler(sniffer.alloc(), only);
        sniffer.pipeline()
                .addLast(
                        handler,
                        new HandshakeWatch(
                                watch -> {
                                    // The handshake has refused everybody else already.
                                    if (PeerIdentity.of(handler.engine())
                                            .filter(peer -> peer.id().equals(only))
                                            .isPresent()) {
                                        pages.accept(watch.pipeline());
                                    } else {
                                        LingeringClose.reset(watch.pipeline());
                                    }
                                },
                                _ -> {}));
    }
}
