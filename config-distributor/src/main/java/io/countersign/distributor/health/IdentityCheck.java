package io.countersign.distributor.health;

import io.countersign.controlplane.ServiceIdentity;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready to be asked once there is a certificate to answer by; changes are published without one.
@Readiness
@Singleton
class IdentityCheck implements HealthCheck {
    private final ServiceIdentity identity;

    IdentityCheck(@Identifier(ServiceIdentity.TLS_CONFIGURATION) ServiceIdentity identity) {
        this.identity = identity;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("identity").status(identity.isProven()).build();
    }
}
