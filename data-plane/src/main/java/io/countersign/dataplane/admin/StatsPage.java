package io.countersign.dataplane.admin;

import java.time.Duration;
import java.time.InstantSource;

/// The node's counters in Prometheus' text format.
final class StatsPage {
    private final Observed observed;
    private final InstantSource clock;

    StatsPage(Observed observed, InstantSource clock) {
        this.observed = observed;
        this.clock = clock;
    }

    String prometheus() {
        var text = new StringBuilder("# TYPE countersign_relay_requests_total counter\n");
        observed.relay()
                .traffic()
                .responses()
                .forEach((code, count) -> text.append(
                        "countersign_relay_requests_total{response_code=\"%d\"} %d\n".formatted(code, count)));
        text.append("# TYPE countersign_node_events_total counter\n");
        observed.relay()
                .traffic()
                .events()
                .forEach((event, count) ->
                        text.append("countersign_node_events_total{event=\"%s\"} %d\n".formatted(event, count)));
        observed.tls().current().ifPresent(contexts -> {
            var digest = contexts.material().digest();
            var left = Duration.between(clock.instant(), digest.notAfter()).toSeconds();
            text.append("# TYPE countersign_certificate_expiry_seconds gauge\n")
                    .append("countersign_certificate_expiry_seconds{serial=\"%s\"} %d\n"
                            .formatted(digest.serial(), left))
                    .append("# TYPE countersign_trust_sequence gauge\n")
                    .append("countersign_trust_sequence %d\n".formatted(digest.trustSequence()));
        });
        return text.toString();
    }
}
