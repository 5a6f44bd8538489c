package io.countersign.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "220 ready\r\n"})
    void greetsAndSendsBackWhatItGetsAndEndsItsHalfAfterItsClient(String greeting) throws IOException {
        // Given
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            Thread.ofVirtual().start(() -> {
                try {
                    Echo.serve(server, greeting);
                } catch (IOException e) {
                    // The test is over.
                }
            });

            // When
            client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            client.shutdownOutput();

            // Then
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(greeting + "hello");
        }
    }
}
