package io.countersign.identity;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows the present SVID in each new handshake; before the first one a handshake finds no certificate and ends.
///
/// The JDK asks for alias, key and chain one after the other. The alias is the serial number, and the SVID before the
/// present one is kept, so that a renewal between two of these calls does not mix two SVIDs.
public final class SvidKeyManager extends X509ExtendedKeyManager {
    private static final String KEY_TYPE = "EC";

    /// Replaced whole, read by every handshake.
    private volatile Shown shown = new Shown(null, null);

    private record Shown(
            @Nullable X509Svid present, @Nullable X509Svid former) {}

    /// Shows another SVID from the next handshake on. One thread at a time.
    public void use(X509Svid svid) {
        shown = new Shown(svid, shown.present());
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return find(alias)
                .map(svid -> svid.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return find(alias).map(X509Svid::privateKey).orElse(null);
    }

    private @Nullable String alias(String... keyTypes) {
        var svid = shown.present();
        return svid != null && Arrays.asList(keyTypes).contains(KEY_TYPE) ? svid.serialHex() : null;
    }

    private String @Nullable [] aliases(String keyType) {
        var alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    private Optional<X509Svid> find(String alias) {
        var both = shown;
        return Stream.of(Optional.ofNullable(both.present()), Optional.ofNullable(both.former()))
                .flatMap(Optional::stream)
                .filter(svid -> svid.serialHex().equals(alias))
                .findFirst();
    }
}
