package io.countersign.controlplane;

import io.countersign.identity.IdentitySettings;
import io.countersign.identity.SvidKeyManager;
import io.countersign.identity.SvidRenewer;
import io.quarkus.tls.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.KeyStoreProvider;
import io.vertx.core.Vertx;
import java.time.Duration;

/// The service's SVID from ca-service, by which it serves. Quarkus asks for it when the HTTPS server starts; without an
/// SVID there is no server. The server shows the newest one in every new handshake.
public final class ServiceIdentity implements KeyStoreProvider, AutoCloseable {
    /// ca-service may start at the same time; whoever started this process starts it again.
    private static final Duration FIRST_SVID_TIMEOUT = Duration.ofSeconds(60);

    private final SvidKeyManager keyManager = new SvidKeyManager();
    private final SvidRenewer renewer;

    public ServiceIdentity(IdentityConfig config) {
        this.renewer = new SvidRenewer(settings(config), (svid, _) -> keyManager.use(svid));
    }

    public static IdentitySettings settings(IdentityConfig config) {
        return IdentitySettings.parse(
                config.caUri(), config.spiffeId(), config.nodeId(), config.joinTokenFile(), config.directory());
    }

    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        renewer.start();
        try {
            if (renewer.awaitFirst(FIRST_SVID_TIMEOUT).isEmpty()) {
                throw new IllegalStateException("serving certificate: none after " + FIRST_SVID_TIMEOUT
                        + " (expected: ca-service to issue one)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("serving certificate: interrupted while waiting for it", e);
        }
        return ServerTls.keys(keyManager).getKeyStore(vertx);
    }

    @Override
    public void close() {
        renewer.close();
    }
}
