package io.countersign.dataplane.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.AttributeKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What an accepted connection holds of the node's memory, and for how long. The first handler of its pipeline: until
/// its decoder counts, all that comes is held. Belongs to its event loop, as does every call.
public final class HeldBytes extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<HeldBytes> KEY = AttributeKey.valueOf(HeldBytes.class, "held");
    private static final double NANOS_PER_SECOND = 1e9;

    private final LoopMemory memory;
    private final Channel channel;
    private final Object listener;
    private final long acceptedNanos = System.nanoTime();
    /// Whether a decoder says what is held, and not what has come.
    private boolean counted;

    private long unfinished;
    private long begunNanos;
    private boolean timed = true;
    private long unwritableNanos;

    private @Nullable Holder holder;
    private long measuredNanos;
    private long bytes;
    private double byteSeconds;

    /// @param listener tells it from those of other listeners
    HeldBytes(LoopMemory memory, Channel channel, Object listener) {
        this.memory = memory;
        this.channel = channel;
        this.listener = listener;
        channel.attr(KEY).set(this);
    }

    /// Of a connection that a [Listener] accepted.
    public static HeldBytes of(Channel channel) {
        return Objects.requireNonNull(channel.attr(KEY).get(), "accepted by a listener");
    }

    /// Who serves the connection from now on, and says what else is held. What comes is counted by its decoder, if it
    /// has one.
    public void serve(Holder by) {
        holder = by;
        counted = true;
        unfinished = 0;
    }

    /// What came was whole.
    public void finished() {
        unfinished = 0;
    }

    /// So much is held of a beginning that cannot be made out yet.
    public void undecided(long held) {
        if (unfinished == 0) {
            begunNanos = System.nanoTime();
        }
        unfinished = held;
        timed = true;
    }

    /// So much is held of a message that is not whole.
    ///
    /// @param anew whether something was whole since the last call
    /// @param head whether it is to be whole within the time for heads
    public void unfinished(long held, boolean anew, boolean head) {
        if (held > 0 && (anew || unfinished == 0)) {
            begunNanos = System.nanoTime();
        }
        counted = true;
        unfinished = held;
        timed = head;
    }

    /// So much was taken on for the connection that did not come by it.
    public void took(int taken) {
        memory.moved(taken);
    }

    /// Adds to what is held, for [Holder#hold], for as long as it is used: it has no age.
    public void add(long held) {
        add(held, measuredNanos);
    }

    /// Adds to what is held, for [Holder#hold].
    ///
    /// @param sinceNanos when anything last changed about it
    public void add(long held, long sinceNanos) {
        bytes += held;
        byteSeconds += held * ((measuredNanos - sinceNanos) / NANOS_PER_SECOND);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var size = ((ByteBuf) message).readableBytes();
        if (!counted) {
            if (unfinished == 0) {
                begunNanos = System.nanoTime();
            }
            unfinished += size;
        }
        ctx.fireChannelRead(message);
        memory.moved(size);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!channel.isWritable()) {
            unwritableNanos = System.nanoTime();
            memory.moved(pending());
        }
        ctx.fireChannelWritabilityChanged();
    }

    /// Finds out what is held, for [#bytes] and [#byteSeconds].
    void measure(long nowNanos) {
        measuredNanos = nowNanos;
        bytes = 0;
        byteSeconds = 0;
        add(unfinished, begunNanos);
        add(pending(), channel.isWritable() ? nowNanos : unwritableNanos);
        if (holder != null) {
            holder.hold(this);
        }
    }

    long bytes() {
        return bytes;
    }

    double byteSeconds() {
        return byteSeconds;
    }

    /// Whether a head that began before then is not whole, though it is read.
    boolean isLate(long nanos) {
        return timed
                && unfinished > 0
                && begunNanos - nanos < 0
                && channel.config().isAutoRead();
    }

    /// Since when it has served nothing; the present while it does.
    long idleSinceNanos(long nowNanos) {
        return holder == null ? acceptedNanos : holder.idleSinceNanos().orElse(nowNanos);
    }

    boolean isOf(Object aListener) {
        return listener.equals(aListener);
    }

    /// Ends it with a TCP RST.
    void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        var first = channel.pipeline().firstContext();
        var _ = first == null ? channel.close() : first.close();
    }

    private long pending() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
