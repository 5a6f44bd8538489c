package io.countersign.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.TestSidecars;
import io.countersign.identity.Pem;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import io.countersign.testing.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the application's own requests meet.
class OutboundIT {
    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    /// What the application's own TLS protects goes through as it is, inside mutual TLS.
    @ParameterizedTest
    @ValueSource(strings = {"https", ""})
    void carriesAnHttpsApplicationInsideMutualTls(String protocol, @TempDir Path files) throws IOException {
        // Given
        var outside = TestAuthority.seeded(9);
        var certificate =
                outside.leaf(TestSidecars.HTTPBIN).dnsName("httpbin.full").issue();
        var ca = Files.writeString(files.resolve("ca.pem"), Pem.encode(List.of(outside.certificate())));
        try (var https = EchoApp.startTls(ConfiguredTlsIT.context(certificate, outside), false);
                var pair = new TestSidecars(https.port())) {
            pair.set(PortMode.STRICT, protocol);

            // When
            var answer = Curl.run(
                    "--cacert",
                    ca.toString(),
                    "--connect-to",
                    "httpbin.full:8000:127.0.0.1:" + pair.capturedPort(),
                    "https://httpbin.full:8000/headers");

            // Then
            assertThat(answer.code()).isEqualTo("200");
            assertThat(answer.output()).doesNotContain("x-forwarded-client-cert");
        }
    }

    @Test
    void saysThatADestinationIsUnknown() {
        var answer = get("http://nowhere.full:8000/");
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("unknown destination nowhere.full:8000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 70_000, Integer.MAX_VALUE})
    void aPortThatIsNoneIsToldAndHoldsUpNobody(int port) {
        // Given
        sidecars.offer(PortMode.PERMISSIVE, TestSidecars.HTTPBIN, port);

        // When
        var answers = IntStream.range(0, 5)
                .mapToObj(_ -> get("http://httpbin.full:8000/headers"))
                .toList();

        // Then
        assertThat(answers).allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 503 "));
    }

    @Test
    void saysThatAServiceHasNoSuchPort() {
        var answer = get("http://httpbin.full:81/");
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("no healthy upstream", "port 81");
    }

    @Test
    void speaksPlaintextWithAnEndpointThatDisablesMutualTls() {
        // Given
        sidecars.mode = PortMode.DISABLE;
        sidecars.offer(PortMode.DISABLE);

        // When
        var answer = get("http://httpbin:8000/headers");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("x-forwarded-client-cert");
    }

    @Test
    void answers503WhenTheServerDoesNotSpeakMutualTls() {
        // Given
        sidecars.mode = PortMode.DISABLE;
        sidecars.offer(PortMode.STRICT);

        // When
        var answer = get("http://httpbin.full:8000/");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("upstream TLS failed");
        assertThat(app.requests()).isZero();
    }

    @Test
    void answers503WhenTheServerDemandsMutualTlsAndIsOfferedPlaintext() {
        // Given
        sidecars.mode = PortMode.STRICT;
        sidecars.offer(PortMode.DISABLE);

        // When
        var answer = get("http://httpbin.full:8000/");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 503 ");
        assertThat(app.requests()).isZero();
    }

    @Test
    void sendsNothingToAServerThatIsSomebodyElse() {
        // Given
        sidecars.offer(PortMode.STRICT, TestSidecars.SLEEP, sidecars.inboundPort());

        // When
        var answer = get("http://httpbin.full:8000/");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("upstream TLS failed", TestSidecars.HTTPBIN.toString());
        assertThat(app.requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "DISABLE, ISTIO_MUTUAL, upstream TLS failed",
        "STRICT, DISABLE, the upstream closed before its response",
        "STRICT, SIMPLE, upstream TLS failed",
    })
    void answers503WhereARuleAndTheServerDoNotFit(PortMode mode, TlsMode rule, String reason) {
        // Given
        sidecars.mode = mode;
        sidecars.offer(mode);
        sidecars.rule(rule(rule));

        // When
        var answer = Curl.run("-x", proxy(), "http://httpbin.full:8000/headers");

        // Then
        assertThat(answer.exit()).isZero();
        assertThat(answer.code()).isEqualTo("503");
        assertThat(answer.output()).contains(reason);
        assertThat(app.requests()).isZero();
    }

    @Test
    void answers503WhenAStrictServerMissesTheClientsCertificate(@TempDir Path files) throws IOException {
        // Given
        var roots = Files.writeString(files.resolve("root.pem"), Pem.encode(List.of(sidecars.authority.certificate())));
        sidecars.mode = PortMode.STRICT;
        sidecars.rule(new ClientTls(
                TlsMode.SIMPLE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(roots.toString()),
                List.of(TestSidecars.HTTPBIN.toString()),
                Optional.empty(),
                false));

        // When
        var answer = Curl.run("-x", proxy(), "http://httpbin.full:8000/headers");

        // Then
        assertThat(answer.exit()).isZero();
        assertThat(answer.code()).isEqualTo("503");
        assertThat(answer.output()).contains("CERTIFICATE_REQUIRED");
        assertThat(app.requests()).isZero();
    }

    @Test
    void expectsTheIdentitiesOfTheRule() {
        sidecars.rule(rule(TlsMode.ISTIO_MUTUAL, TestSidecars.SLEEP.toString(), TestSidecars.HTTPBIN.toString()));
        assertThat(get("http://httpbin.full:8000/")).startsWith("HTTP/1.1 200 ");
        sidecars.rule(rule(TlsMode.ISTIO_MUTUAL, TestSidecars.SLEEP.toString()));
        assertThat(get("http://httpbin.full:8000/"))
                .startsWith("HTTP/1.1 503 ")
                .contains("upstream TLS failed", TestSidecars.HTTPBIN.toString());
        assertThat(app.requests()).isEqualTo(1);
    }

    @Test
    void sendsTheServerNameOfTheRule() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given
            sidecars.offer(PortMode.STRICT, TestSidecars.HTTPBIN, server.getLocalPort());
            sidecars.rule(new ClientTls(
                    TlsMode.ISTIO_MUTUAL,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.of("name.of.the.rule"),
                    false));

            // When
            Thread.ofVirtual().start(() -> get("http://httpbin.full:8000/"));
            String hello;
            try (var connection = server.accept()) {
                hello = new String(connection.getInputStream().readNBytes(1_000), StandardCharsets.ISO_8859_1);
            }

            // Then
            assertThat(hello).contains("name.of.the.rule");
        }
    }

    @Test
    void takesAnotherEndpointWhenOneCannotBeReached() throws IOException {
        // Given
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var gone = new WorkloadConfig(
                "full",
                "gone",
                "g",
                List.of("127.0.0.1"),
                new TreeMap<>(),
                TestSidecars.HTTPBIN,
                ProxyPresence.NONE,
                new TreeMap<>(),
                PortMode.PERMISSIVE,
                new TreeMap<>(Map.of("full/httpbin", new TreeMap<>(Map.of(8000, closed)))));
        sidecars.view = sidecars.view.apply(gone);

        // When
        var answers = new ArrayList<String>();
        for (var i = 0; i < 10; i++) {
            answers.add(get("http://httpbin.full:8000/headers"));
        }

        // Then
        assertThat(answers).hasSize(10).allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 200 "));
    }

    @Test
    void carriesBigBodiesBothWaysUnchanged(@TempDir Path files) throws Exception {
        // Given
        var bytes = new byte[32 * 1024 * 1024];
        new Random(1).nextBytes(bytes);
        var upload = Files.write(files.resolve("upload"), bytes);
        var download = files.resolve("download");

        // When
        var sum = Curl.run("-x", proxy(), "-T", upload.toString(), "http://httpbin.full:8000/sum");
        var size = Curl.run("-x", proxy(), "-o", download.toString(), "http://httpbin.full:8000/bytes/" + bytes.length);

        // Then
        assertThat(sum.output())
                .contains(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        assertThat(size.code()).isEqualTo("200");
        assertThat(Files.size(download)).isEqualTo(bytes.length);
    }

    private static ClientTls rule(TlsMode mode, String... names) {
        return new ClientTls(
                mode, Optional.empty(), Optional.empty(), Optional.empty(), List.of(names), Optional.empty(), false);
    }

    private String proxy() {
        return "http://127.0.0.1:" + sidecars.outboundPort();
    }

    private String get(String url) {
        return RawClient.exchange(
                sidecars.outboundPort(), "GET " + url + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }
}
