package io.countersign.policy.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.StoredObject;
import io.countersign.policy.storage.ObjectStore;
import io.countersign.policy.storage.Selection;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// One watch: JSON events, one a line, until its time is up, the client is gone or the process stops. It reads the
/// database by sequence, so that it misses nothing; several changes of an object may come as one.
///
/// Runs on the request's virtual thread.
public final class WatchStream implements StreamingOutput {
    private static final int PAGE = 500;

    /// Finds the commits of other processes.
    private static final Duration POLL = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final WatchHub hub;
    private final Request request;

    public WatchStream(ObjectStore store, WatchHub hub, Request request) {
        this.store = store;
        this.hub = hub;
        this.request = request;
    }

    /// What is watched, and how it is told.
    ///
    /// @param from the sequence that the client has seen; empty to begin with what is there
    /// @param timeout the watch ends after it
    /// @param rendered an object as the client wants it
    /// @param gone whether the client has closed its connection, which writing to it does not tell
    public record Request(
            Selection selection,
            Optional<Long> from,
            Duration timeout,
            Function<StoredObject, ObjectNode> rendered,
            BooleanSupplier gone) {}

    @Override
    public void write(OutputStream output) throws IOException {
        // Taken here, where it is certainly given back: an answer may never come to be written.
        if (!hub.enter()) {
            send(
                    output,
                    "ERROR",
                    RefusedRequest.of(StatusReason.TOO_MANY_REQUESTS, "too many watches")
                            .json());
            return;
        }
        try {
            stream(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("watch interrupted");
        } finally {
            hub.leave();
        }
    }

    private void stream(OutputStream output) throws IOException, InterruptedException {
        var deadline = System.nanoTime() + request.timeout().toNanos();
        long seen = request.from().isPresent() ? request.from().get() : sendPresent(output);
        // A blank line brings the answer's head on its way: for the client the watch has begun.
        output.write('\n');
        output.flush();
        while (System.nanoTime() < deadline && !request.gone().getAsBoolean()) {
            var changes = hub.changes();
            var page = store.changedAfter(request.selection(), seen, PAGE);
            if (page.isEmpty()) {
                send(
                        output,
                        "ERROR",
                        RefusedRequest.of(StatusReason.EXPIRED, "the resource version is too old")
                                .json());
                return;
            }
            seen = sendChanges(output, page.get(), seen);
            var wait = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (page.get().size() < PAGE && !hub.await(changes, wait.compareTo(POLL) < 0 ? wait : POLL)) {
                return;
            }
        }
    }

    private long sendPresent(OutputStream output) throws IOException {
        var listing = store.list(request.selection());
        for (var object : listing.objects()) {
            send(output, WatchEvent.added(object));
        }
        return listing.sequence();
    }

    private long sendChanges(OutputStream output, List<StoredObject> changed, long seenBefore) throws IOException {
        var seen = seenBefore;
        for (var object : changed) {
            var event = WatchEvent.of(object, seenBefore, request.selection().matching());
            if (event.isPresent()) {
                send(output, event.get());
            }
            seen = object.sequence();
        }
        if (!changed.isEmpty()) {
            output.flush();
        }
        return seen;
    }

    private void send(OutputStream output, WatchEvent event) throws IOException {
        send(output, event.type(), request.rendered().apply(event.object()));
    }

    private static void send(OutputStream output, String type, ObjectNode object) throws IOException {
        var event = Json.object().put("type", type);
        event.set("object", object);
        output.write(Json.bytes(event));
        output.write('\n');
    }
}
