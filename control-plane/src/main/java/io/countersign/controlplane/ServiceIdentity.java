package io.countersign.controlplane;

import io.countersign.identity.IdentitySettings;
import io.countersign.identity.SpiffeTrustManager;
import io.countersign.identity.SvidFault;
import io.countersign.identity.SvidKeyManager;
import io.countersign.identity.SvidRenewer;
import io.countersign.identity.SvidVerification;
import io.countersign.identity.SvidVerifier;
import io.countersign.mesh.identity.SpiffeId;
import io.quarkus.tls.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.KeyStoreProvider;
import io.vertx.core.Vertx;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// The service's SVID from ca-service, by which it serves and calls. Quarkus starts it with the HTTPS server, which
/// shows the newest SVID in every new handshake; before the first one no handshake succeeds.
public final class ServiceIdentity implements KeyStoreProvider, AutoCloseable {
    /// What the HTTPS server asks Quarkus' TLS registry for: `quarkus.http.tls-configuration-name`, and the identifier
    /// of the bean.
    public static final String TLS_CONFIGURATION = "service";

    /// ca-service may start at the same time; whoever started this process starts it again.
    private static final Duration FIRST_SVID_TIMEOUT = Duration.ofSeconds(60);

    private final InstantSource clock = InstantSource.system();
    private final SvidKeyManager keyManager = new SvidKeyManager();
    private final SvidRenewer renewer;

    public ServiceIdentity(IdentityConfig config) {
        // Asking for the first SVID is the first use of TLS.
        ServerTls.limitGroups();
        this.renewer = new SvidRenewer(settings(config), (svid, _) -> keyManager.use(svid));
    }

    public static IdentitySettings settings(IdentityConfig config) {
        return IdentitySettings.parse(
                config.caUri(), config.spiffeId(), config.nodeId(), config.joinTokenFile(), config.directory());
    }

    @Override
    public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        renewer.start();
        return ServerTls.keys(keyManager).getKeyStore(vertx);
    }

    /// Waits for the first SVID, for a service that is no use without; throws when there is none in time.
    public void awaitFirst() {
        try {
            if (renewer.awaitFirst(FIRST_SVID_TIMEOUT).isEmpty()) {
                throw new IllegalStateException("serving certificate: none after " + FIRST_SVID_TIMEOUT
                        + " (expected: ca-service to issue one)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("serving certificate: interrupted while waiting for it", e);
        }
    }

    /// Whether there is an SVID that has not ended.
    public boolean isProven() {
        return renewer.current()
                .filter(issued -> issued.svid().notAfter().isAfter(clock.instant()))
                .isPresent();
    }

    /// TLS towards a server that must prove exactly that identity.
    public SSLContext towards(SpiffeId server) {
        try {
            var trust = new SpiffeTrustManager((chain, usage) -> renewer.current()
                    .map(issued ->
                            new SvidVerifier(issued.bundle()).verify(chain, usage, clock.instant(), server::equals))
                    .orElseGet(() -> new SvidVerification.Refused(SvidFault.UNKNOWN_AUTHORITY, "no trust bundle yet")));
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    @Override
    public void close() {
        renewer.close();
    }
}
