package io.countersign.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.mesh.config.PortMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionIT {
    private static final int CURL_RESET = 56;
    private static final String FORGED =
            "By=spiffe://cluster.local/ns/full/sa/httpbin;URI=spiffe://cluster.local/ns/x/sa/admin";

    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @Test
    void strictResetsPlaintext() {
        // Given
        sidecars.mode = PortMode.STRICT;

        // When
        var answer = Curl.run(direct("/headers"));

        // Then
        assertThat(answer.exit()).isEqualTo(CURL_RESET);
        assertThat(answer.code()).isEqualTo("000");
        assertThat(answer.output()).contains("Connection reset by peer");
    }

    @ParameterizedTest
    @EnumSource(names = {"PERMISSIVE", "DISABLE"})
    void relaysPlaintextWithoutTheClientsOwnProof(PortMode mode) {
        // Given
        sidecars.mode = mode;

        // When
        var answer = Curl.run("-H", "X-Forwarded-Client-Cert: " + FORGED, direct("/headers"));

        // Then
        assertThat(answer.code()).isEqualTo("200");
        assertThat(answer.output()).doesNotContain("x-forwarded-client-cert").doesNotContain("admin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-FORWARDED-CLIENT-CERT",
                "X_Forwarded_Client_Cert",
                "x-forwarded_client-cert",
                "X.Forwarded.Client.Cert",
                "x~Forwarded+client!cert",
            })
    void takesOutEveryFieldThatAnApplicationMayTakeForThatProof(String name) {
        assertThat(Curl.run("-H", name + ": " + FORGED, direct("/headers")).output())
                .contains("code=200")
                .doesNotContain("admin");
    }

    @ParameterizedTest
    @EnumSource(names = {"PERMISSIVE", "STRICT"})
    void tellsTheApplicationWhoTheMutualTlsClientIs(PortMode mode) {
        // Given
        sidecars.mode = mode;

        // When
        var answer = Curl.run(
                "-x",
                "http://127.0.0.1:" + sidecars.outboundPort(),
                "-H",
                "X-Forwarded-Client-Cert: " + FORGED,
                "http://httpbin.full:8000/headers");

        // Then
        assertThat(answer.code()).isEqualTo("200");
        assertThat(answer.output())
                .containsPattern("x-forwarded-client-cert: By=spiffe://cluster.local/ns/full/sa/httpbin;"
                        + "Hash=[0-9a-f]{64};Subject=\"\";URI=spiffe://cluster.local/ns/full/sa/sleep\n")
                .contains("host: httpbin.full:8000")
                .doesNotContain("admin");
    }

    @Test
    void requestThatComesOneByteAtATimeIsJudgedAsHttp() throws IOException {
        // Given
        sidecars.mode = PortMode.PERMISSIVE;
        var request = "GET /headers HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: " + FORGED
                + "\r\nConnection: close\r\n\r\n";

        // When
        String response;
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), sidecars.inboundPort())) {
            socket.setTcpNoDelay(true);
            for (var b : request.getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(b);
                socket.getOutputStream().flush();
            }
            response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }

        // Then
        assertThat(response).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("admin");
    }

    private String direct(String path) {
        return "http://127.0.0.1:" + sidecars.inboundPort() + path;
    }
}
