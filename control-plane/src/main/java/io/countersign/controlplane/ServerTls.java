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
    /// Without those of finite fields, by which a stranger makes a server work for seconds with a hello of a kilobyte.
    private static final String GROUPS = "x25519,secp256r1,secp384r1,secp521r1,x448";

    private static final String GROUPS_PROPERTY = "jdk.tls.namedGroups";

    private ServerTls() {}

    /// Lets the process agree on elliptic groups only, unless it was told otherwise. The JDK looks once, when TLS is
    /// used for the first time: to be called before that.
    public static void limitGroups() {
        if (System.getProperty(GROUPS_PROPERTY) == null) {
            System.setProperty(GROUPS_PROPERTY, GROUPS);
        }
    }

    public static KeyStoreProvider keys(X509KeyManager keyManager) {
        limitGroups();
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
