package io.countersign.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketTableTest {

    private static final Endpoint ENDPOINT = new Endpoint("127.20.0.1", 9092);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100147F:2384",
                "0000000000000000FFFF00000100147F:2384",
                "00000000:2384",
                "00000000000000000000000000000000:2384"
            })
    void findsTheListenerOnTheAddressAndOnAllAddresses(String local) {
        // When
        var holder = SocketTable.holder(Stream.of(line(local, "0A")), ENDPOINT);

        // Then
        assertThat(holder).contains(new SocketTable.Holder("4711", "1000"));
    }

    @Test
    void overlooksOtherAddressesAndPorts() {
        // Given
        var lines = Stream.of(line("0200147F:2384", "0A"), line("0100147F:2385", "0A"));

        // When
        var holder = SocketTable.holder(lines, ENDPOINT);

        // Then
        assertThat(holder).isEmpty();
    }

    @Test
    void overlooksAConnectionFromThePort() {
        // When
        var holder = SocketTable.holder(Stream.of(line("0100147F:2384", "01")), ENDPOINT);

        // Then
        assertThat(holder).isEmpty();
    }

    private static String line(String local, String state) {
        return "   3: " + local + " 00000000:0000 " + state
                + " 00000000:00000000 00:00000000 00000000  1000        0 4711 1";
    }
}
