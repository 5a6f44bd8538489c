package io.countersign.dataplane.loop;

import io.netty.util.internal.PlatformDependent;
import java.time.Duration;

/// How much of a node its clients may take, whatever they do.
///
/// @param heldBytes that accepted connections may hold together of what is not passed on; past it, who holds most for
///     longest is reset
/// @param headTimeout for the head of a message to be whole; it is for those who send little, and so are below the
///     bound on memory
/// @param connections at a time of each listener; past it, those that have served nothing for longest are reset, and
///     new ones where all serve: each takes memory and a file descriptor
public record ConnectionBounds(long heldBytes, Duration headTimeout, int connections) {
    /// The other parts are for what is passed on at once, for certificates and config, and for what keeps a chunk of
    /// buffers from being freed.
    private static final int PART = 4;

    /// For a process that does nothing else: a fourth of the heap or of the memory for buffers, whichever is less.
    public static ConnectionBounds ofThisProcess() {
        var memory = Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
        return new ConnectionBounds(memory / PART, Duration.ofSeconds(30), 20_000);
    }
}
