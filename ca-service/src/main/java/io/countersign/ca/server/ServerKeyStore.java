package io.countersign.ca.server;

import io.countersign.identity.SvidKeyManager;
import io.quarkus.tls.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import jakarta.inject.Singleton;

/// Gives the HTTPS server a key manager that asks for the present SVID in every handshake. Nothing is ever reloaded,
/// so a reload cannot lose what was configured beside it.
@Singleton
@Identifier(ServerKeyStore.TLS_CONFIGURATION)
class ServerKeyStore implements KeyStoreProvider {
    static final String TLS_CONFIGURATION = "ca";

    private final SvidKeyManager keyManager;

    ServerKeyStore(SvidKeyManager keyManager) {
        this.keyManager = keyManager;
    }

    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        return new KeyStoreAndKeyCertOptions(EmptyKeyStore.create(), KeyCertOptions.wrap(keyManager));
    }
}
