package io.countersign.controlplane;

import io.quarkus.tls.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.KeyStoreProvider;
import io.quarkus.tls.TrustStoreAndTrustOptions;
import io.quarkus.tls.TrustStoreProvider;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/// Gives an HTTPS server managers that are asked anew in every handshake. Nothing is ever reloaded, so a reload cannot
/// lose what was configured beside it.
public final class ServerTls {
    private ServerTls() {}

    public static KeyStoreProvider keys(X509KeyManager keyManager) {
        return _ -> new KeyStoreAndKeyCertOptions(nothing(), KeyCertOptions.wrap(keyManager));
    }

    public static TrustStoreProvider trust(X509TrustManager trustManager) {
        return _ -> new TrustStoreAndTrustOptions(nothing(), TrustOptions.wrap(trustManager));
    }

    /// Quarkus wants a store beside the manager that serves.
    private static KeyStore nothing() {
        try {
            var empty = KeyStore.getInstance("PKCS12");
            empty.load(null, null);
            return empty;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has PKCS#12 stores", e);
        }
    }
}
