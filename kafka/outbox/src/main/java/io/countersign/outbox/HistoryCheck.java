package io.countersign.outbox;

import io.countersign.outbox.HistoryGuard.Standing;
import io.smallrye.health.api.Wellness;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/// Down while the topics hold what this database has not written. Not a matter of readiness: the service answers, and
/// has to be reached by whoever decides.
@Wellness
@Singleton
class HistoryCheck implements HealthCheck {
    private final RelayThread relay;

    HistoryCheck(RelayThread relay) {
        this.relay = relay;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("history");
        return switch (relay.standing()) {
            case Standing.Own _, Standing.Unknown _ -> response.up().build();
            case Standing.Doubtful(var reason) ->
                response.down().withData("reason", reason).build();
        };
    }
}
