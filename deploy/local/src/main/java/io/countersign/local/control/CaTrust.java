package io.countersign.local.control;

import io.countersign.identity.Pem;
import io.countersign.identity.SpiffeTrustManager;
import io.countersign.identity.SvidFault;
import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerification;
import io.countersign.identity.SvidVerification.Refused;
import io.countersign.identity.SvidVerification.Valid;
import io.countersign.identity.SvidVerifier;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.X509Authority;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/// Whether the other side is this mesh's ca-service: by its SPIFFE ID under its root, whatever the host's name.
///
/// The launcher cannot know the root before ca-service has made it. So the first root is taken from the process that
/// the launcher itself started and that holds the port; every connection after that must show the same root.
/// Thread-safe.
public final class CaTrust implements SpiffeTrustManager.Judge {
    private final SpiffeId caService;
    private final BooleanSupplier portIsOurs;
    private final AtomicReference<Optional<X509Certificate>> root = new AtomicReference<>(Optional.empty());

    /// Knows no root yet.
    ///
    /// @param portIsOurs whether ca-service's port is held by the process that was started as ca-service
    public CaTrust(SpiffeId caService, BooleanSupplier portIsOurs) {
        this.caService = caService;
        this.portIsOurs = portIsOurs;
    }

    /// The root, PEM; [IllegalStateException] before a connection was accepted.
    public String rootPem() {
        var known = root.get().orElseThrow(() -> new IllegalStateException("no connection to ca-service yet"));
        return Pem.encode(List.of(known));
    }

    @Override
    public SvidVerification judge(List<X509Certificate> chain, SvidUsage usage) {
        var known = root.get();
        if (known.isEmpty() && !portIsOurs.getAsBoolean()) {
            return new Refused(SvidFault.UNKNOWN_AUTHORITY, "ca-service's port is held by another process");
        }
        var authority = known.orElseGet(chain::getLast);
        var bundle = new TrustBundle(
                caService.trustDomain(), 1, List.of(new X509Authority("root", AuthorityState.ACTIVE, authority)));
        var verification = new SvidVerifier(bundle).verify(chain, usage, Instant.now(), caService::equals);
        if (verification instanceof Valid) {
            root.compareAndSet(known, Optional.of(authority));
        }
        return verification;
    }
}
