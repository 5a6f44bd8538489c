package io.countersign.ca.authority;

import io.countersign.ca.signing.SigningAuthority;
import io.countersign.identity.SvidVerifier;
import io.countersign.mesh.identity.TrustBundle;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/// The authorities in force. Set at start, read by any thread.
@Singleton
public class Authorities {
    private volatile @Nullable InForce inForce;

    private record InForce(TrustBundle bundle, SigningAuthority active, SvidVerifier verifier) {}

    void set(TrustBundle bundle, SigningAuthority active) {
        inForce = new InForce(bundle, active, new SvidVerifier(bundle));
    }

    public TrustBundle bundle() {
        return inForce().bundle();
    }

    /// The one that signs.
    public SigningAuthority active() {
        return inForce().active();
    }

    /// Judges by the present bundle.
    public SvidVerifier verifier() {
        return inForce().verifier();
    }

    private InForce inForce() {
        var present = inForce;
        if (present == null) {
            throw new IllegalStateException("authorities are not loaded yet");
        }
        return present;
    }
}
