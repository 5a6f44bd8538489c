package io.countersign.dataplane.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.tls.TlsMaterialDigest;
import io.countersign.dataplane.view.AppliedConfig;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeReporterTest {
    private static final ConfigKey HTTPBIN = ConfigKey.workload("full", "httpbin");
    private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final RememberingSink sink = new RememberingSink();
    private final NodeReporter reporter = new NodeReporter(
            new NodeId("httpbin.full"),
            SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin"),
            List.of(HTTPBIN),
            () -> "127.0.0.1:15021",
            new Random(1),
            () -> NOW);

    @AfterEach
    void stop() {
        reporter.close();
    }

    @Test
    void saysNothingBeforeConfigAndCertificateAreInForce() {
        // Given
        reporter.start(sink);
        reporter.inForce(config(1));

        // When
        Awaitility.await().during(Duration.ofMillis(300)).until(sink.reports::isEmpty);
        reporter.inForce(new TlsMaterialDigest("ab", END, 3));

        // Then
        Awaitility.await().until(() -> sink.reports.size() == 1);
        assertThat(sink.reports.getFirst())
                .isEqualTo(new NodeReport(
                        new NodeId("httpbin.full"),
                        SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin"),
                        new TreeMap<>(Map.of(HTTPBIN, "ab")),
                        "topic",
                        1,
                        3,
                        new TreeMap<>(),
                        "127.0.0.1:15021",
                        END,
                        NOW.toEpochMilli()));
    }

    @Test
    void reportsManyChangesAsFewReportsOfWhichTheLastIsTheNewest() {
        // Given
        var changed = new CompletableFuture<Void>();
        reporter.inForce(new TlsMaterialDigest("ab", END, 3));
        reporter.inForce(config(0));
        reporter.start(report -> {
            changed.join();
            return sink.send(report);
        });

        // When
        for (var position = 1; position <= 1_000; position++) {
            reporter.inForce(config(position));
        }
        changed.complete(null);

        // Then
        Awaitility.await()
                .until(() -> !sink.reports.isEmpty() && sink.reports.getLast().position() == 1_000);
        assertThat(sink.reports).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void triesAgainWhatDidNotArrive() {
        // Given
        sink.failures = 2;
        reporter.inForce(new TlsMaterialDigest("ab", END, 3));
        reporter.inForce(config(7));

        // When
        reporter.start(sink);

        // Then
        Awaitility.await().until(() -> sink.reports.size() == 1);
        assertThat(sink.reports.getFirst().position()).isEqualTo(7);
        assertThat(sink.failures).isZero();
    }

    @Test
    void saysAtTheEndFromWhenOnNothingIsInUse() {
        // Given
        var stopped = Instant.parse("2029-01-01T00:00:00Z");
        reporter.inForce(new TlsMaterialDigest("ab", END, 3));
        reporter.inForce(config(7));

        // When
        assertThat(reporter.conclude(sink, Optional.empty())).isTrue();
        assertThat(reporter.conclude(sink, Optional.of(stopped))).isTrue();

        // Then
        assertThat(sink.reports).extracting(NodeReport::certificateExpiry).containsExactly(END, stopped);
    }

    @Test
    void knowsOfTheLastReportWhetherItArrived() {
        // Given
        assertThat(reporter.conclude(sink, Optional.empty())).isFalse();
        reporter.inForce(new TlsMaterialDigest("ab", END, 3));
        reporter.inForce(config(7));
        sink.failures = 1;

        // When
        boolean arrived = reporter.conclude(sink, Optional.empty());

        // Then
        assertThat(arrived).isFalse();
        assertThat(sink.reports).isEmpty();
    }

    private static AppliedConfig config(long position) {
        return new AppliedConfig("topic", position, new TreeMap<>());
    }

    /// Keeps what it is given, after failing as often as it is told: once by throwing, then by its future.
    private static final class RememberingSink implements ReportSink {
        private final List<NodeReport> reports = new CopyOnWriteArrayList<>();
        private volatile int failures;

        @Override
        public CompletionStage<Void> send(NodeReport report) {
            if (failures == 2) {
                failures = 1;
                throw new IllegalStateException("no certificate to sign with");
            }
            if (failures == 1) {
                failures = 0;
                return CompletableFuture.failedFuture(new IllegalStateException("no broker"));
            }
            reports.add(report);
            return CompletableFuture.completedFuture(null);
        }
    }
}
