package io.countersign.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void namesThePortAndTheProcessThatHoldsIt() throws Exception {
        // Given
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var endpoint = new Endpoint("127.0.0.1", socket.getLocalPort());

            // When
            List<String> taken = Ports.taken(List.of(endpoint));

            // Then
            assertThat(taken)
                    .singleElement()
                    .asString()
                    .startsWith("port " + endpoint + " is taken by pid "
                            + ProcessHandle.current().pid() + " (");
        }
    }

    @Test
    void saysNothingOfAFreePort() throws Exception {
        // Given
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        // When
        List<String> taken = Ports.taken(List.of(new Endpoint("127.0.0.1", port)));

        // Then
        assertThat(taken).isEmpty();
    }
}
