package io.countersign.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.TestSidecars;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the application's own requests meet.
class OutboundIT {
    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @Test
    void saysThatADestinationIsUnknown() {
        var answer = get("http://nowhere.full:8000/");
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("unknown destination nowhere.full:8000");
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
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("mutual TLS failed");
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
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("mutual TLS failed", TestSidecars.HTTPBIN.toString());
        assertThat(app.requests()).isZero();
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

    private String proxy() {
        return "http://127.0.0.1:" + sidecars.outboundPort();
    }

    private String get(String url) {
        return RawClient.exchange(
                sidecars.outboundPort(), "GET " + url + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }
}
