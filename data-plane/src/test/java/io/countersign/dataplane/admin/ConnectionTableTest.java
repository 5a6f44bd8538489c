package io.countersign.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.admin.ConnectionTable.End;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000);
    private static final InetSocketAddress NODE = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 15_000);

    @Test
    void namesTheUserOfTheClientsEnd() {
        // When
        var end = end("0100007F:3A98 0100007F:9C40 01", 1337, "7", "0100007F:9C40 0100007F:3A98 01", 1000, "8");

        // Then
        assertThat(end).contains(new End(1000, "8"));
    }

    @Test
    void knowsAnIpv4ClientWithASocketOfIpv6() {
        // When
        var mapped = "0000000000000000FFFF00000100007F";
        var end = end(mapped + ":9C40 " + mapped + ":3A98 01", 1000, "8");

        // Then
        assertThat(end).contains(new End(1000, "8"));
    }

    @Test
    void takesNobodyForRootWhoHasClosedItsEnd() {
        // When
        var end = end("0100007F:9C40 0100007F:3A98 06", 0, "0");

        // Then
        assertThat(end).isEmpty();
    }

    private static Optional<End> end(Object... endsUsersInodes) {
        var lines = Stream.<String>builder().add("  sl  local_address rem_address   st tx_queue rx_queue");
        for (int i = 0; i < endsUsersInodes.length; i += 3) {
            lines.add("   %s: %s 00000000:00000000 00:00000000 00000000 %s        0 %s 1 0 20 4 30 10 -1"
                    .formatted(i, endsUsersInodes[i], endsUsersInodes[i + 1], endsUsersInodes[i + 2]));
        }
        return ConnectionTable.end(lines.build(), CLIENT, NODE);
    }
}
