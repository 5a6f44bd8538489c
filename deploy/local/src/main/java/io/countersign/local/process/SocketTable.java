package io.countersign.local.process;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The kernel's table of TCP sockets, as `/proc/net/tcp` and `/proc/net/tcp6` print it. Pure.
final class SocketTable {

    private static final String LISTENING = "0A";
    private static final String MAPPED_IPV4 = "0000000000000000FFFF0000";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int UID = 7;
    private static final int INODE = 9;

    /// A socket that holds a port.
    record Holder(String inode, String uid) {}

    private SocketTable() {}

    /// The listening socket that keeps others from the endpoint: on its address or on all addresses.
    static Optional<Holder> holder(Stream<String> lines, Endpoint endpoint) {
        List<String> taken = List.of(
                hex(endpoint.address()) + ":" + hexPort(endpoint),
                MAPPED_IPV4 + hex(endpoint.address()) + ":" + hexPort(endpoint),
                "0".repeat(8) + ":" + hexPort(endpoint),
                "0".repeat(32) + ":" + hexPort(endpoint));
        return lines.map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > INODE && fields[STATE].equals(LISTENING))
                .filter(fields -> taken.contains(fields[LOCAL_ADDRESS]))
                .map(fields -> new Holder(fields[INODE], fields[UID]))
                .findFirst();
    }

    /// The kernel prints the address as a number of the machine's byte order, little-endian here.
    private static String hex(String address) {
        int[] bytes =
                Arrays.stream(address.split("\\.")).mapToInt(Integer::parseInt).toArray();
        return "%02X%02X%02X%02X".formatted(bytes[3], bytes[2], bytes[1], bytes[0]);
    }

    private static String hexPort(Endpoint endpoint) {
        return "%04X".formatted(endpoint.port());
    }
}
