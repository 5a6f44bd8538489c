package io.countersign.policy.serving;

import io.countersign.identity.IdentitySettings;
import io.countersign.identity.SvidKeyManager;
import io.countersign.identity.SvidRenewer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.tls.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;

/// Serves by the process's own SVID. The server keeps one key manager for good, which shows the newest SVID in every
/// new handshake: a renewal reloads nothing.
///
/// Quarkus asks for it when the server starts; without an SVID there is no server.
@Singleton
@Identifier(ServingCertificate.TLS_CONFIGURATION)
class ServingCertificate implements KeyStoreProvider {
    static final String TLS_CONFIGURATION = "serving";

    /// ca-service may start at the same time; whoever started this process starts it again.
    private static final Duration FIRST_SVID_TIMEOUT = Duration.ofSeconds(60);

    private final SvidKeyManager keyManager = new SvidKeyManager();
    private final SvidRenewer renewer;

    ServingCertificate(IdentitySettings settings) {
        this.renewer = new SvidRenewer(settings, (svid, _) -> keyManager.use(svid));
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
        return new KeyStoreAndKeyCertOptions(nothing(), KeyCertOptions.wrap(keyManager));
    }

    void stop(@Observes ShutdownEvent event) {
        renewer.close();
    }

    /// Quarkus wants a key store beside the key manager that serves.
    private static KeyStore nothing() {
        try {
            var empty = KeyStore.getInstance("PKCS12");
            empty.load(null, null);
            return empty;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("PKCS12: missing from the platform", e);
        }
    }
}
