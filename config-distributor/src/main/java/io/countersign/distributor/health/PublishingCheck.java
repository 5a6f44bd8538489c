package io.countersign.distributor.health;

import io.countersign.distributor.publication.Distributor;
import io.countersign.distributor.publication.Standing.Halted;
import io.countersign.distributor.publication.Standing.Publishing;
import io.countersign.distributor.publication.Standing.Standby;
import io.countersign.distributor.publication.Standing.Waiting;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready while changes are published, or could be: all was read, the mesh is defined, and the order is not in doubt.
@Readiness
@Singleton
class PublishingCheck implements HealthCheck {
    private final Distributor distributor;

    PublishingCheck(Distributor distributor) {
        this.distributor = distributor;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("publishing");
        return switch (distributor.standing()) {
            case Publishing _ -> response.withData("role", "publishes").up().build();
            case Standby _ -> response.withData("role", "stands by").up().build();
            case Waiting(var reason) ->
                response.down().withData("reason", reason).build();
            case Halted(var reason) ->
                response.down().withData("reason", reason).build();
        };
    }
}
