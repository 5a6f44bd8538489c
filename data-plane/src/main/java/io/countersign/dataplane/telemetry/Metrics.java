package io.countersign.dataplane.telemetry;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.view.MeshView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// The process's metrics: traffic under Istio's names, TLS under Envoy's, the rest under `countersign_`. For every
/// thread.
public final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /// Counts the traffic of one workload.
    ///
    /// @param workload whose traffic it is; empty for a gateway
    /// @param identity that its side of mutual TLS has
    /// @param view names services and the workloads of peers
    public Telemetry of(Optional<ConfigKey> workload, SpiffeId identity, Supplier<MeshView> view) {
        return new TrafficMeters(registry, new TrafficLabels(workload, identity, view));
    }

    /// A value that is asked for when somebody looks.
    public <T> void gauge(String name, T of, ToDoubleFunction<T> value, Tag... tags) {
        Gauge.builder(name, of, value).tags(List.of(tags)).strongReference(true).register(registry);
    }

    public Counter counter(String name, Tag... tags) {
        return registry.counter(name, List.of(tags));
    }

    /// In Prometheus' text format.
    public String prometheus() {
        return registry.scrape();
    }

    /// Envoy's form: a line `name: value` each, sorted.
    ///
    /// @param filter a part of the names to show; empty for all
    public String text(String filter) {
        return registry.getMeters().stream()
                .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false)
                        .filter(measured -> measured.getStatistic() != Statistic.MAX)
                        .map(measured -> line(meter, measured)))
                .filter(line -> line.contains(filter))
                .sorted()
                .collect(Collectors.joining());
    }

    private static String line(Meter meter, Measurement measured) {
        var id = meter.getId();
        var name = id.getName().replaceFirst("^envoy\\.", "");
        var labels = id.getTags().stream()
                .map(tag -> tag.getKey() + ".=." + tag.getValue())
                .collect(Collectors.joining(".;."));
        var part = id.getType() == Meter.Type.DISTRIBUTION_SUMMARY
                ? "." + measured.getStatistic().getTagValueRepresentation()
                : "";
        return "%s%s%s: %d%n"
                .formatted(name, part, labels.isEmpty() ? "" : "." + labels, Math.round(measured.getValue()));
    }
}
