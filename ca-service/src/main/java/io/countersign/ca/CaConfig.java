package io.countersign.ca;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Configuration of ca-service.
@ConfigMapping(prefix = "countersign.ca")
public interface CaConfig {
    /// The trust domain that this authority vouches for.
    String trustDomain();

    /// The HTTPS server.
    Http http();

    /// The plain HTTP server for health and metrics.
    Management management();

    /// ca-service's own certificate.
    Server server();

    /// What is issued.
    Issuance issuance();

    /// The administrator's access.
    Admin admin();

    /// The authorities' keys.
    Authority authority();

    /// What callers may prove themselves with.
    Attestation attestation();

    /// Where the HTTPS server listens.
    interface Http {
        /// The HTTPS server's address.
        @WithDefault("127.0.0.1")
        String address();

        /// The HTTPS server's port.
        @WithDefault("8443")
        int port();
    }

    /// Where health and metrics are served.
    interface Management {
        /// The address of health and metrics.
        @WithDefault("127.0.0.1")
        String address();

        /// The port of health and metrics.
        @WithDefault("8444")
        int port();
    }

    /// ca-service's own certificate.
    interface Server {
        /// DNS names in ca-service's own certificate, for clients that check names and not identities.
        Optional<List<String>> dnsNames();
    }

    /// What is issued.
    interface Issuance {
        /// How long an SVID is valid.
        @WithDefault("PT24H")
        Duration svidLifetime();
    }

    /// The administrator's access.
    interface Admin {
        /// Holds the bearer token for join tokens.
        Path tokenFile();
    }

    /// The authorities' keys.
    interface Authority {
        /// Holds the 256-bit key, in Base64, under which the authorities' keys are stored.
        Path keyEncryptionKeyFile();
    }

    /// What callers may prove themselves with.
    interface Attestation {
        /// For how long an expired SVID may still be renewed, with its own key only.
        @WithDefault("P7D")
        Duration expiredGrace();

        /// How long a join token is valid where its request does not say.
        @WithDefault("PT10M")
        Duration joinTokenLifetime();

        /// How long a join token may be valid at most.
        @WithDefault("PT24H")
        Duration joinTokenLifetimeMax();
    }
}
