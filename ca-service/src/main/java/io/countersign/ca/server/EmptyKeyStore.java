package io.countersign.ca.server;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/// What stands in where a key store is asked for and managers are used.
final class EmptyKeyStore {
    private EmptyKeyStore() {}

    static KeyStore create() {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has PKCS#12 stores", e);
        }
    }
}
