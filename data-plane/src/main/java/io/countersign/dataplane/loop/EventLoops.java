package io.countersign.dataplane.loop;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/// Vert.x's event loops as Netty sees them. A connection stays on the loop that accepted it, and so does everything
/// that serves it.
public final class EventLoops {
    private final EventLoopGroup group;
    private final boolean epoll;
    private final HeldMemory memory;

    private EventLoops(EventLoopGroup group, boolean epoll, ConnectionBounds bounds) {
        this.group = group;
        this.epoll = epoll;
        memory = new HeldMemory(all(), bounds);
    }

    /// The transport with which [#of] works: epoll where there is one.
    public static Transport transport() {
        return Epoll.isAvailable() ? new SteadyEpoll() : Transport.NIO;
    }

    /// The loops of a Vert.x made with [#transport].
    public static EventLoops of(Vertx vertx) {
        return of(vertx, ConnectionBounds.ofThisProcess());
    }

    /// The loops of a Vert.x made with [#transport].
    public static EventLoops of(Vertx vertx, ConnectionBounds bounds) {
        return new EventLoops(((VertxInternal) vertx).nettyEventLoopGroup(), vertx.isNativeTransportEnabled(), bounds);
    }

    /// Is told of each connection that is ended to spare the node, on its event loop; must neither wait nor throw.
    public void onShed(Consumer<Shed> told) {
        memory.onShed(told);
    }

    /// Bytes that accepted connections held when they were last measured: each second, and when much was read.
    public long heldBytes() {
        return memory.total();
    }

    ConnectionBounds bounds() {
        return memory.bounds();
    }

    /// What the connections of an event loop hold.
    LoopMemory memory(EventLoop loop) {
        return memory.of(loop);
    }

    public EventLoopGroup group() {
        return group;
    }

    public List<EventLoop> all() {
        return StreamSupport.stream(group.spliterator(), false)
                .map(EventLoop.class::cast)
                .toList();
    }

    /// Ends when every loop has run one empty task: whatever a loop was doing before this call is then over, and what
    /// it does next sees everything that the caller wrote before.
    public CompletableFuture<Void> passed() {
        return CompletableFuture.allOf(all().stream()
                .map(loop -> CompletableFuture.runAsync(() -> {}, loop))
                .toArray(CompletableFuture[]::new));
    }

    /// The calling thread gives way to the loops for good, on a JVM that is told to heed priorities
    /// (`-XX:ThreadPriorityPolicy=1`): what it does has time. Only how long things take depends on it.
    @SuppressWarnings("ThreadPriorityCheck")
    public static void giveWay() {
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
    }

    public ChannelFactory<ServerChannel> serverChannels() {
        return epoll ? EpollServerSocketChannel::new : NioServerSocketChannel::new;
    }

    public ChannelFactory<SocketChannel> channels() {
        return epoll ? EpollSocketChannel::new : NioSocketChannel::new;
    }
}
