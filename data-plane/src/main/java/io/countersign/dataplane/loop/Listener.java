package io.countersign.dataplane.loop;

import io.countersign.mesh.config.PortMode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A bound address whose connections are spread over all event loops.
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final long CLOSE_SECONDS = 2;

    private final Channel channel;
    private final @Nullable Function<InetSocketAddress, SortedMap<Integer, PortMode>> modes;

    private Listener(Channel channel, @Nullable Function<InetSocketAddress, SortedMap<Integer, PortMode>> modes) {
        this.channel = channel;
        this.modes = modes;
    }

    /// Binds, and waits for it; not for an event loop.
    ///
    /// @throws UncheckedIOException that names the address when it cannot be bound
    public static Listener bind(EventLoops loops, InetSocketAddress address, ChannelInitializer<Channel> connections) {
        return bind(loops, address, connections, null);
    }

    /// Binds in an application's place, and waits for it; not for an event loop.
    ///
    /// @param modes what the ports that the bound address stands for demand at the moment
    /// @throws UncheckedIOException that names the address when it cannot be bound
    public static Listener bind(
            EventLoops loops,
            InetSocketAddress address,
            ChannelInitializer<Channel> connections,
            @Nullable Function<InetSocketAddress, SortedMap<Integer, PortMode>> modes) {
        var bound = new ServerBootstrap()
                .group(loops.group(), loops.group())
                .channelFactory(loops.serverChannels())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(bounded(loops, connections))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new UncheckedIOException(
                    "listen address " + address.getHostString() + ":" + address.getPort() + " cannot be bound",
                    new IOException(bound.cause()));
        }
        return new Listener(bound.channel(), modes);
    }

    /// Where it listens; the port that was chosen when 0 was asked for.
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /// What the ports that it stands for demand at the moment; empty where nobody is asked for a proof.
    public Optional<SortedMap<Integer, PortMode>> modes() {
        return Optional.ofNullable(modes).map(of -> of.apply(address()));
    }

    /// Accepts no more; what was accepted lives on.
    @Override
    public void close() {
        channel.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static ChannelInitializer<Channel> bounded(EventLoops loops, ChannelInitializer<Channel> connections) {
        var open = new AtomicInteger();
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel accepted) {
                var memory = loops.memory(accepted.eventLoop());
                accepted.closeFuture().addListener(_ -> open.decrementAndGet());
                if (open.incrementAndGet() > loops.bounds().connections()) {
                    memory.makeRoom(open);
                }
                if (open.get() > loops.bounds().connections()) {
                    accepted.config().setOption(ChannelOption.SO_LINGER, 0);
                    var _ = accepted.close();
                } else {
                    accepted.pipeline().addLast(memory.accepted(accepted, open)).addLast(connections);
                }
            }
        };
    }
}
