package io.countersign.dataplane.telemetry;

import io.countersign.dataplane.telemetry.TrafficLabels.Series;
import io.countersign.dataplane.tls.TlsFacts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Counts what one workload relays. Labels are made when something happens for the first time; from then on an event
/// costs a look into a map and some additions.
final class TrafficMeters implements Telemetry {
    /// So many different series are told apart, of requests and of connections; the rest is counted together.
    private static final int SERIES_MAX = 1_000;

    /// What peers agree on is bounded by the TLS library; a name too many does no harm.
    private static final int HANDSHAKES_MAX = 64;

    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final double[] BUCKETS = {
        1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000, 3_600_000
    };

    private final MeterRegistry registry;
    private final TrafficLabels labels;
    private final Map<Series, Requests> requests = new ConcurrentHashMap<>();
    private final Map<Series, Connections> connections = new ConcurrentHashMap<>();
    private final Map<Handshake, Counter> handshakes = new ConcurrentHashMap<>();
    private final Counter failures;
    private final Map<Direction, TlsMeters> tls = new EnumMap<>(Direction.class);

    TrafficMeters(MeterRegistry registry, TrafficLabels labels) {
        this.registry = registry;
        this.labels = labels;
        failures = registry.counter("countersign_relay_failures_total");
        for (var direction : Direction.values()) {
            tls.put(direction, new TlsMeters(registry, direction));
        }
    }

    @Override
    public void ended(RequestEnded request) {
        var series = Series.of(request.relayed(), request.status(), request.grpcStatus(), request.flag());
        var meters = bounded(requests, series, SERIES_MAX, Series.OTHER, this::requests);
        meters.total.increment();
        meters.duration.record(request.durationNanos() / NANOS_PER_MILLI);
        meters.received.record((double) request.bytesReceived());
        meters.sent.record((double) request.bytesSent());
    }

    @Override
    public void opened(RelayedTo relayed) {
        connections(Series.of(relayed, 0, "", ResponseFlag.NONE)).opened.increment();
    }

    @Override
    public void ended(ConnectionEnded connection) {
        var meters = connections(Series.of(connection.relayed(), 0, "", connection.flag()));
        meters.closed.increment();
        meters.received.increment((double) connection.bytesReceived());
        meters.sent.increment((double) connection.bytesSent());
    }

    @Override
    public void handshake(Direction direction, TlsFacts facts) {
        of(direction).succeeded(facts.resumed());
        var agreed = new Handshake(direction, facts.version(), facts.group(), facts.resumed());
        bounded(handshakes, agreed, HANDSHAKES_MAX, Handshake.OTHER, this::handshakes)
                .increment();
    }

    @Override
    public void handshakeFailed(Direction direction, Throwable cause) {
        of(direction).failed(cause);
    }

    @Override
    public void failed() {
        failures.increment();
    }

    private TlsMeters of(Direction direction) {
        return Objects.requireNonNull(tls.get(direction));
    }

    private Connections connections(Series series) {
        return bounded(connections, series, SERIES_MAX, Series.OTHER, this::newConnections);
    }

    private static <K, V> V bounded(Map<K, V> known, K key, int max, K instead, Function<K, V> make) {
        var found = known.get(key);
        return found != null ? found : known.computeIfAbsent(known.size() < max ? key : instead, make);
    }

    private Requests requests(Series series) {
        var tags = labels.of(series)
                .and("request_protocol", series.grpcStatus().isEmpty() ? "http" : "grpc")
                .and("response_code", Integer.toString(series.status()))
                .and("grpc_response_status", series.grpcStatus());
        return new Requests(
                registry.counter("istio_requests_total", tags),
                summary("istio_request_duration_milliseconds", tags),
                summary("istio_request_bytes", tags),
                summary("istio_response_bytes", tags));
    }

    private DistributionSummary summary(String name, Tags tags) {
        return DistributionSummary.builder(name)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Connections newConnections(Series series) {
        var tags = labels.of(series).and("request_protocol", "tcp");
        return new Connections(
                registry.counter("istio_tcp_connections_opened_total", tags),
                registry.counter("istio_tcp_connections_closed_total", tags),
                registry.counter("istio_tcp_received_bytes_total", tags),
                registry.counter("istio_tcp_sent_bytes_total", tags));
    }

    private Counter handshakes(Handshake agreed) {
        return registry.counter(
                "countersign_tls_handshakes_total",
                Tags.of("direction", agreed.direction.name().toLowerCase(Locale.ROOT))
                        .and("version", agreed.version)
                        .and("group", agreed.group)
                        .and("resumed", Boolean.toString(agreed.resumed)));
    }

    private record Handshake(Direction direction, String version, String group, boolean resumed) {
        static final Handshake OTHER = new Handshake(Direction.INBOUND, "", "", false);
    }

    private record Requests(
            Counter total, DistributionSummary duration, DistributionSummary received, DistributionSummary sent) {}

    private record Connections(Counter opened, Counter closed, Counter received, Counter sent) {}
}
