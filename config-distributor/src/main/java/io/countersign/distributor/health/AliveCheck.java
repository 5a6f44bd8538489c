package io.countersign.distributor.health;

import io.countersign.distributor.publication.Distributor;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Alive while the distributor's thread is: a start would help one that has died, and no other.
@Liveness
@Singleton
class AliveCheck implements HealthCheck {
    private final Distributor distributor;

    AliveCheck(Distributor distributor) {
        this.distributor = distributor;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("distributor")
                .status(distributor.alive())
                .build();
    }
}
