package io.countersign.ca;

import io.countersign.identity.SvidKeyManager;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// What the service is wired of beside its own beans.
class CaBeans {
    @Produces
    @Singleton
    CaSettings settings(CaConfig config) {
        return CaSettings.of(config);
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    SvidKeyManager serverKeyManager() {
        return new SvidKeyManager();
    }
}
