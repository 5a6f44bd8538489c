package io.countersign.ca.server;

import io.countersign.ca.attestation.PresentedSvids;
import io.countersign.identity.SpiffeTrustManager;
import io.quarkus.tls.TrustStoreAndTrustOptions;
import io.quarkus.tls.TrustStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Singleton;

/// Judges clients' certificates by the trust bundle; one that does not stand up to it ends the handshake.
@Singleton
@Identifier(ServerKeyStore.TLS_CONFIGURATION)
class ServerTrustStore implements TrustStoreProvider {
    private final PresentedSvids presented;

    ServerTrustStore(PresentedSvids presented) {
        this.presented = presented;
    }

    @Override
    public TrustStoreAndTrustOptions getTrustStore(Vertx vertx) {
        return new TrustStoreAndTrustOptions(
                EmptyKeyStore.create(), TrustOptions.wrap(new SpiffeTrustManager(presented::judge)));
    }
}
