package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.TestSidecars;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trust that is withdrawn, and what becomes of connections that were made under it.
class WithdrawalIT {
    private static final String RESET = "errno=104";
    private static final TestAuthority NEXT = TestAuthority.seeded(9);

    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());

    @TempDir
    private Path files;

    @BeforeEach
    void strict() {
        sidecars.mode = PortMode.STRICT;
        sidecars.offer(PortMode.STRICT);
    }

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @Test
    void cutsWhatIsRevokedAndNothingElse() throws IOException {
        // Given
        var stolen = sidecars.authority.issue(TestSidecars.SLEEP);
        try (var cut = connect(stolen);
                var left = connect(sidecars.authority.issue(TestSidecars.SLEEP))) {
            // When
            sidecars.serverTls.revoke(revoked(stolen));

            // Then
            Awaitility.await().until(() -> !cut.isOpen());
            assertThat(cut.said()).contains(RESET);
            assertThat(left.isOpen()).isTrue();
            try (var again = new OpenSslClient(files, sidecars.inboundPort(), Optional.of(stolen))) {
                assertThat(again.ended()).contains("SSL alert number 44");
            }
        }
    }

    @Test
    void cutsWhatLeadsToARevokedServer() {
        // Given
        assertThat(requested()).contains("200 OK");
        assertThat(sidecars.serverRelay.connections().join()).isEqualTo(1);

        // When
        var server = sidecars.serverTls.current().orElseThrow().material();
        sidecars.clientTls.revoke(
                revoked(new TestSvid(server.svid().privateKey(), server.svid().chain())));

        // Then
        Awaitility.await().until(() -> sidecars.serverRelay.connections().join() == 0);
        assertThat(requested()).contains(" 503 ");
    }

    @Test
    void growthClosesNothingAndADroppedRootCutsWhatStandsUnderIt() throws IOException {
        // Given
        try (var old = connect(sidecars.authority.issue(TestSidecars.SLEEP))) {
            // When a root is added and used
            var grown = serve(2, sidecars.authority.issue(TestSidecars.HTTPBIN), sidecars.authority, NEXT);
            var renewed = serve(3, NEXT.issue(TestSidecars.HTTPBIN), sidecars.authority, NEXT);

            // Then
            assertThat(List.of(grown, renewed)).allMatch(SwapOutcome.Applied.class::isInstance);
            try (var young = connect(NEXT.issue(TestSidecars.SLEEP))) {
                assertThat(old.isOpen()).isTrue();

                // When the old one is dropped
                serve(4, NEXT.issue(TestSidecars.HTTPBIN), NEXT);

                // Then
                Awaitility.await().until(() -> !old.isOpen());
                assertThat(old.said()).contains(RESET);
                assertThat(young.isOpen()).isTrue();
                try (var refused = new OpenSslClient(
                        files, sidecars.inboundPort(), Optional.of(sidecars.authority.issue(TestSidecars.SLEEP)))) {
                    assertThat(refused.ended()).contains("SSL alert number 48");
                }
            }
        }
    }

    @Test
    void refusesADroppedRootEvenWhereTheOwnCertificateIsOfIt() throws IOException {
        // Given
        try (var old = connect(sidecars.authority.issue(TestSidecars.SLEEP))) {
            // When
            var outcome = serve(2, sidecars.authority.issue(TestSidecars.HTTPBIN), NEXT);

            // Then
            assertThat(outcome).isInstanceOf(SwapOutcome.Rejected.class);
            Awaitility.await().until(() -> !old.isOpen());
        }
    }

    private OpenSslClient connect(TestSvid svid) throws IOException {
        var client = new OpenSslClient(files, sidecars.inboundPort(), Optional.of(svid));
        Awaitility.await().until(() -> client.said().contains("200 OK"));
        return client;
    }

    /// The server is told of a bundle, and has a certificate.
    private SwapOutcome serve(long sequence, TestSvid svid, TestAuthority... trusted) {
        var authorities =
                List.of(trusted).stream().map(TestAuthority::authority).toList();
        var bundle = new TrustBundle(TestSidecars.TRUST_DOMAIN, sequence, authorities);
        sidecars.serverTls.trust(bundle);
        return sidecars.serverTls
                .swap(new TlsMaterial(X509Svid.of(svid.chain(), svid.key()), bundle))
                .join();
    }

    private String requested() {
        return RawClient.exchange(
                sidecars.outboundPort(),
                "GET http://httpbin.full:8000/headers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    private static Revocations revoked(TestSvid svid) {
        var serial = svid.leaf().getSerialNumber().toString(16);
        var now = Instant.now();
        return Revocations.NONE.apply(
                new Revocation(RevocationKey.serial(serial), false, now, now.plusSeconds(3600), "KEY_COMPROMISE"));
    }
}
