package io.countersign.ca;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The configuration, checked: what the rest of the service gets to see.
public record CaSettings(
        TrustDomain trustDomain,
        List<String> dnsNames,
        Duration svidLifetime,
        Path adminTokenFile,
        Path keyEncryptionKeyFile,
        Attestation attestation) {
    private static final Duration LIFETIME_MIN = Duration.ofSeconds(5);
    private static final Duration LIFETIME_MAX = Duration.ofDays(90);

    /// How long credentials hold.
    public record Attestation(Duration expiredGrace, Duration joinTokenLifetime, Duration joinTokenLifetimeMax) {}

    public CaSettings {
        dnsNames = List.copyOf(dnsNames);
    }

    /// Checks everything; one [InvalidInput] names all that is wrong.
    static CaSettings of(CaConfig config) {
        var problems = new ArrayList<String>();
        var domain = trustDomain(config.trustDomain(), problems);
        var lifetime = config.issuance().svidLifetime();
        if (lifetime.compareTo(LIFETIME_MIN) < 0 || lifetime.compareTo(LIFETIME_MAX) > 0) {
            problems.add("svid lifetime: " + lifetime + " (expected: " + LIFETIME_MIN + " to " + LIFETIME_MAX + ")");
        }
        var attestation = config.attestation();
        if (attestation.expiredGrace().isNegative()) {
            problems.add("expired grace: " + attestation.expiredGrace() + " (expected: >= 0)");
        }
        if (!attestation.joinTokenLifetime().isPositive()
                || attestation.joinTokenLifetime().compareTo(attestation.joinTokenLifetimeMax()) > 0) {
            problems.add("join token lifetime: " + attestation.joinTokenLifetime() + " (expected: > 0 and <= "
                    + attestation.joinTokenLifetimeMax() + ")");
        }
        var dnsNames = config.server().dnsNames().orElse(List.of());
        dnsNames.stream()
                .filter(name -> !Registration.isDnsName(name))
                .forEach(name -> problems.add("dns name: " + name));
        if (!problems.isEmpty()) {
            throw new InvalidInput(String.join("; ", problems));
        }
        return new CaSettings(
                domain,
                dnsNames,
                lifetime,
                config.admin().tokenFile(),
                config.authority().keyEncryptionKeyFile(),
                new Attestation(
                        attestation.expiredGrace(),
                        attestation.joinTokenLifetime(),
                        attestation.joinTokenLifetimeMax()));
    }

    /// ca-service's own identity.
    public SpiffeId ownSpiffeId() {
        return SpiffeId.ofServiceAccount(trustDomain, "istio-system", "ca-service");
    }

    private static TrustDomain trustDomain(String name, List<String> problems) {
        try {
            return new TrustDomain(name);
        } catch (InvalidInput e) {
            problems.add("trust domain: " + name + " (expected: 1 to 255 of a-z 0-9 . - _)");
            return new TrustDomain("invalid");
        }
    }
}
