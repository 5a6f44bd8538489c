package io.countersign.ca;

import io.countersign.ca.attestation.PresentedSvids;
import io.countersign.controlplane.ServerTls;
import io.countersign.identity.SpiffeTrustManager;
import io.countersign.identity.SvidKeyManager;
import io.quarkus.tls.KeyStoreProvider;
import io.quarkus.tls.TrustStoreProvider;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// What the service is wired of beside its own beans.
class CaBeans {
    private static final String TLS_CONFIGURATION = "ca";

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

    @Produces
    @Singleton
    @Identifier(TLS_CONFIGURATION)
    KeyStoreProvider serverKeys(SvidKeyManager keyManager) {
        return ServerTls.keys(keyManager);
    }

    /// Judges clients' certificates by the trust bundle; one that does not stand up to it ends the handshake.
    @Produces
    @Singleton
    @Identifier(TLS_CONFIGURATION)
    TrustStoreProvider clientTrust(PresentedSvids presented) {
        return ServerTls.trust(new SpiffeTrustManager(presented::judge));
    }
}
