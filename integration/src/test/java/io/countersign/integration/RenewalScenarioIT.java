package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.integration.traffic.SteadyTraffic;
import io.countersign.integration.traffic.SteadyTraffic.Connections;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Certificates of 30 seconds, renewed under steady traffic: `-Dsoak.renewal.duration` for how long.
class RenewalScenarioIT {
    private static final Duration DURATION = Duration.parse(System.getProperty("soak.renewal.duration", "PT35S"));
    private static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void renewsUnderTrafficWithoutAFailedRequest() throws Exception {
        try (var mesh = RunningMesh.start("renewal", "127.32", "--svid-lifetime", "30s")) {
            // Given
            HttpbinPolicy.STRICT.putInForce(mesh);
            var request = mesh.asApp(
                    "sleep.full",
                    "http://httpbin.full:8000/headers",
                    answer -> answer.status() == 200 && answer.body().contains("URI=spiffe://cluster.local/ns/full"));
            var kept = SteadyTraffic.start(request, Connections.KEEP_ALIVE, 4, Duration.ofMillis(5));
            var fresh = SteadyTraffic.start(request, Connections.NEW, 4, Duration.ofMillis(5));

            // When
            var serials = new TreeSet<String>();
            var end = System.nanoTime() + DURATION.toNanos();
            while (System.nanoTime() < end) {
                serials.add(serialOnTheWire(mesh));
                Thread.sleep(Duration.ofSeconds(1));
            }

            // Then
            for (var traffic : List.of(kept, fresh)) {
                var tally = traffic.stop();
                System.out.println("renewal: " + tally.good() + " good, " + tally.failed() + " failed");
                assertThat(tally.failures()).isEmpty();
                assertThat(tally.good()).isGreaterThan(500);
            }
            var renewals = DURATION.dividedBy(LIFETIME);
            System.out.println("renewal: serials seen on the wire " + serials);
            assertThat(serials).hasSizeGreaterThanOrEqualTo((int) renewals + 1);
        }
    }

    private static String serialOnTheWire(RunningMesh mesh) {
        return Awaitility.await()
                .until(() -> shownSerial(mesh), Optional::isPresent)
                .orElseThrow();
    }

    /// The serial of the certificate that httpbin's proxy shows to a client with sleep's certificate; none when sleep's
    /// key and chain were replaced while they were read.
    private static Optional<String> shownSerial(RunningMesh mesh) {
        var certificates = mesh.certificates("sleep.full");
        var shown = Command.run(
                Path.of(""),
                LIMIT,
                "",
                List.of(
                        "openssl",
                        "s_client",
                        "-connect",
                        mesh.address("httpbin.full") + ":8000",
                        "-alpn",
                        "istio",
                        "-cert",
                        certificates.resolve("cert-chain.pem").toString(),
                        "-key",
                        certificates.resolve("key.pem").toString(),
                        "-CAfile",
                        certificates.resolve("root-cert.pem").toString()));
        if (!shown.output().contains("BEGIN CERTIFICATE")) {
            return Optional.empty();
        }
        return Optional.of(
                Command.run(Path.of(""), LIMIT, shown.output(), List.of("openssl", "x509", "-noout", "-serial"))
                        .orFail()
                        .strip());
    }
}
