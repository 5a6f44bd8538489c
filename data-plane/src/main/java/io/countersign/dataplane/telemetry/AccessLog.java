package io.countersign.dataplane.telemetry;

import io.countersign.dataplane.tls.TlsFacts;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.view.Upstream;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// A line for every request and connection that has ended, by the logger `access`. One thread writes; what comes while
/// too many lines wait is dropped and counted.
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final int WAITING_MAX = 8_192;
    private static final long CLOSE_SECONDS = 1;

    /// Between two looks for lines. A writer that waited for each would have to be woken by the event loops, which
    /// costs them more than all else that a line does.
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int TEXT_MAX = 1_024;
    private static final double NANOS_PER_MILLI = 1_000_000;

    /// What would end a value early or begin another line.
    private static final Pattern UNSAFE = Pattern.compile("[\"\\p{Cntrl}]");

    private static final Pattern TRACE_PARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-.*");

    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Counter dropped;
    private final Thread writer =
            Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
    private volatile boolean closing;

    /// Starts to write.
    public AccessLog(Metrics metrics) {
        dropped = metrics.counter("countersign_access_log_dropped_total");
        writer.start();
    }

    /// Logs what one workload relays, after another telemetry was told of it.
    ///
    /// @param identity of the workload
    public Telemetry of(SpiffeId identity, Telemetry first) {
        return new Telemetry() {
            @Override
            public void ended(RequestEnded request) {
                first.ended(request);
                offer(() -> write(identity, request));
            }

            @Override
            public void opened(RelayedTo relayed) {
                first.opened(relayed);
            }

            @Override
            public void ended(ConnectionEnded connection) {
                first.ended(connection);
                offer(() -> write(identity, connection));
            }

            @Override
            public void handshake(Direction direction, TlsFacts tls) {
                first.handshake(direction, tls);
            }

            @Override
            public void handshakeFailed(Direction direction, Throwable cause) {
                first.handshakeFailed(direction, cause);
            }

            @Override
            public void failed() {
                first.failed();
            }
        };
    }

    /// Writes what waits, for a second at most.
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void offer(Runnable line) {
        if (!waiting.offer(line)) {
            dropped.increment();
        }
    }

    private void run() {
        while (!closing || !waiting.isEmpty()) {
            for (var line = waiting.poll(); line != null; line = waiting.poll()) {
                line.run();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static void write(SpiffeId identity, RequestEnded request) {
        var path = request.path();
        var query = path.indexOf('?');
        var trace = TRACE_PARENT.matcher(request.traceParent());
        line(identity, request.relayed(), request.client(), request.flag(), request.detail())
                .addKeyValue("protocol", request.protocol())
                .addKeyValue("method", safe(request.method()))
                // A query may hold a token.
                .addKeyValue("path", safe(query < 0 ? path : path.substring(0, query)))
                .addKeyValue("status", request.status())
                .addKeyValue("grpcStatus", safe(request.grpcStatus()))
                .addKeyValue("bytesReceived", request.bytesReceived())
                .addKeyValue("bytesSent", request.bytesSent())
                .addKeyValue("duration", millis(request.durationNanos()))
                .addKeyValue("traceId", trace.matches() ? trace.group(1) : "")
                .log("request");
    }

    private static void write(SpiffeId identity, ConnectionEnded connection) {
        line(identity, connection.relayed(), connection.client(), connection.flag(), connection.detail())
                .addKeyValue("bytesReceived", connection.bytesReceived())
                .addKeyValue("bytesSent", connection.bytesSent())
                .addKeyValue("duration", millis(connection.durationNanos()))
                .log("connection");
    }

    private static LoggingEventBuilder line(
            SpiffeId identity, RelayedTo relayed, String client, ResponseFlag flag, String detail) {
        var peer = relayed.peer().map(found -> found.id().toString()).orElse("");
        return LOG.atInfo()
                .addKeyValue("direction", relayed.direction())
                .addKeyValue("flag", flag.code())
                .addKeyValue("reason", safe(detail))
                .addKeyValue("spiffeId", identity)
                .addKeyValue("peer", peer)
                .addKeyValue("client", client)
                .addKeyValue("service", safe(relayed.service()))
                .addKeyValue(
                        "upstream", relayed.upstream().map(AccessLog::address).orElse(""))
                .addKeyValue("tlsVersion", of(relayed.tls(), TlsFacts::version))
                .addKeyValue("tlsGroup", of(relayed.tls(), TlsFacts::group));
    }

    private static String of(Optional<TlsFacts> tls, Function<TlsFacts, String> fact) {
        return tls.map(fact).orElse("");
    }

    private static String address(Upstream upstream) {
        return upstream.address() + ":" + upstream.port();
    }

    private static double millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }

    private static String safe(String text) {
        return UNSAFE.matcher(text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text)
                .replaceAll("_");
    }
}
