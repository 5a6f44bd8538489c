package io.countersign.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsFacts;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.view.MeshView;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final TlsFacts TLS =
            new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", "X25519MLKEM768", "istio", false);
    private static final int MILLION = 1_000_000;

    private final Metrics metrics = new Metrics();
    private final Telemetry sleep =
            metrics.of(Optional.of(ConfigKey.workload("full", "sleep")), TestSidecars.SLEEP, () -> MeshView.EMPTY);

    @Test
    void countsRequestsWithTheLabelsOfIstio() {
        // When
        sleep.ended(request("httpbin.full", 503, ResponseFlag.UPSTREAM_CONNECTION_FAILURE));
        sleep.ended(request("httpbin.full", 503, ResponseFlag.UPSTREAM_CONNECTION_FAILURE));

        // Then
        var labels = "connection_security_policy=\"mutual_tls\",destination_principal=\"" + TestSidecars.HTTPBIN
                + "\",destination_service=\"httpbin.full\",destination_workload=\"httpbin\","
                + "destination_workload_namespace=\"full\",grpc_response_status=\"\",reporter=\"source\","
                + "request_protocol=\"http\",response_code=\"503\",response_flags=\"UF\",source_principal=\""
                + TestSidecars.SLEEP + "\",source_workload=\"sleep\",source_workload_namespace=\"full\"";
        assertThat(metrics.prometheus())
                .contains("istio_requests_total{" + labels + "} 2.0\n")
                .contains("istio_request_bytes_sum{" + labels + "} 20.0\n")
                .contains("istio_response_bytes_count{" + labels + "} 2\n")
                .contains("istio_request_duration_milliseconds_bucket{" + labels + ",le=\"5.0\"} 2\n");
    }

    @Test
    void namesServicesInFullHoweverTheyAreAskedFor() {
        // Given
        var view = MeshView.EMPTY.apply(new ServiceConfig(
                "full", "httpbin", "s", List.of("httpbin.full.svc.cluster.local"), List.of(), new TreeMap<>()));
        var caller = metrics.of(Optional.of(ConfigKey.workload("full", "sleep")), TestSidecars.SLEEP, () -> view);

        // When
        caller.ended(request("httpbin", 200, ResponseFlag.NONE));
        caller.ended(request("httpbin.full.svc", 200, ResponseFlag.NONE));

        // Then
        assertThat(metrics.text("istio_requests_total"))
                .contains("destination_service.=.httpbin.full.svc.cluster.local.;.")
                .endsWith(": 2\n");
    }

    @Test
    void countsConnectionsAndTheirBytes() {
        // Given
        var relayed = relayed(Direction.INBOUND, "");

        // When
        sleep.opened(relayed);
        sleep.ended(new ConnectionEnded(relayed, "127.0.0.1:1", ResponseFlag.NONE, "", 7, 9, MILLION));

        // Then
        assertThat(metrics.prometheus())
                .containsPattern("istio_tcp_connections_opened_total\\{.*reporter=\"destination\".*} 1\\.0\n")
                .containsPattern("istio_tcp_connections_closed_total\\{.*source_workload_namespace=\"full\".*} 1\\.0\n")
                .containsPattern("istio_tcp_received_bytes_total\\{.*request_protocol=\"tcp\".*} 7\\.0\n")
                .containsPattern("istio_tcp_sent_bytes_total\\{.*} 9\\.0\n");
    }

    @Test
    void countsTogetherWhatHasTooManyNames() {
        // When
        for (var host = 0; host < 3_000; host++) {
            sleep.ended(request("h" + host, 200, ResponseFlag.NONE));
        }

        // Then
        var series = metrics.text("istio_requests_total").lines().toList();
        assertThat(series)
                .hasSize(1_001)
                .anyMatch(line -> line.contains("destination_service.=.unknown") && line.endsWith(": 2000"));
    }

    @Test
    void countsHandshakesUnderTheNamesOfEnvoy() {
        // Given
        OpenSsl.ensureAvailability();

        // When
        sleep.handshake(Direction.INBOUND, TLS);
        sleep.handshakeFailed(
                Direction.INBOUND,
                caused(new OpenSslCertificateException("x", CertificateVerifier.X509_V_ERR_CERT_REJECTED)));
        sleep.handshakeFailed(
                Direction.INBOUND,
                caused(new OpenSslCertificateException("x", CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED)));
        sleep.handshakeFailed(
                Direction.INBOUND, new SSLHandshakeException("error:…:PEER_DID_NOT_RETURN_A_CERTIFICATE"));
        sleep.handshakeFailed(Direction.OUTBOUND, new SSLHandshakeException("error:…:SSLV3_ALERT_BAD_CERTIFICATE"));

        // Then
        assertThat(metrics.text("ssl.")).isEqualTo("""
                        cluster.ssl.connection_error: 1
                        cluster.ssl.fail_verify_error: 0
                        cluster.ssl.fail_verify_no_cert: 0
                        cluster.ssl.fail_verify_san: 0
                        cluster.ssl.handshake: 0
                        cluster.ssl.no_certificate: 0
                        cluster.ssl.session_reused: 0
                        listener.ssl.connection_error: 0
                        listener.ssl.fail_verify_error: 1
                        listener.ssl.fail_verify_no_cert: 1
                        listener.ssl.fail_verify_san: 1
                        listener.ssl.handshake: 1
                        listener.ssl.no_certificate: 0
                        listener.ssl.session_reused: 0
                        """);
        assertThat(metrics.prometheus())
                .contains("countersign_tls_handshakes_total{direction=\"inbound\",group=\"X25519MLKEM768\","
                        + "resumed=\"false\",version=\"TLSv1.3\"} 1.0\n")
                .contains("envoy_listener_ssl_handshake_total 1.0\n");
    }

    private static SSLHandshakeException caused(Throwable cause) {
        var failure = new SSLHandshakeException("General OpenSslEngine problem");
        failure.initCause(cause);
        return failure;
    }

    static RequestEnded request(String host, int status, ResponseFlag flag) {
        return new RequestEnded(
                relayed(Direction.OUTBOUND, host),
                "127.0.0.1:4711",
                "HTTP/1.1",
                "GET",
                "/headers?token=secret",
                status,
                "",
                flag,
                "no \"way\"\nin",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                10,
                20,
                2 * MILLION);
    }

    private static RelayedTo relayed(Direction direction, String host) {
        var peer = direction == Direction.INBOUND ? TestSidecars.SLEEP : TestSidecars.HTTPBIN;
        return new RelayedTo(
                direction,
                host,
                Optional.of(new Upstream(
                        ConfigKey.workload("full", "httpbin"), "127.0.0.1", 8000, new UpstreamTls.Plaintext())),
                Optional.of(new PeerIdentity(peer, "1", "a", Instant.EPOCH, Instant.MAX, "hash", "", List.of())),
                Optional.of(TLS));
    }
}
