package io.countersign.dataplane.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The TCP connections of this network namespace, as the kernel tells them in `/proc/net/tcp` and `/proc/net/tcp6`. So
/// it is known who is at the other end of a connection on this machine.
final class ConnectionTable {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String MAPPED_IPV4 = "0000000000000000FFFF0000";
    private static final int WORD = 4;
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int UID = 7;
    private static final int INODE = 9;

    /// Who closed its end has no socket any more, and the kernel shows root as its user.
    private static final String NO_SOCKET = "0";

    private ConnectionTable() {}

    /// One end of a connection.
    ///
    /// @param uid whose it is
    /// @param inode of the socket
    record End(int uid, String inode) {}

    /// The end of a connection that has this address and this peer; empty when it is closed or not on this machine.
    ///
    /// @throws IOException when the kernel does not tell
    static Optional<End> end(InetSocketAddress address, InetSocketAddress peer) throws IOException {
        for (var table : TABLES) {
            if (Files.exists(table)) {
                try (var lines = Files.lines(table)) {
                    var found = end(lines, address, peer);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    static Optional<End> end(Stream<String> lines, InetSocketAddress address, InetSocketAddress peer) {
        var local = names(address);
        var remote = names(peer);
        return lines.map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields.length > INODE
                        && local.contains(fields[LOCAL])
                        && remote.contains(fields[REMOTE])
                        && !fields[INODE].equals(NO_SOCKET))
                .map(fields -> new End(Integer.parseInt(fields[UID]), fields[INODE]))
                .findFirst();
    }

    /// How the tables may call it: a socket of IPv6 may speak IPv4.
    private static List<String> names(InetSocketAddress address) {
        var bytes = address.getAddress().getAddress();
        var name = new StringBuilder();
        // Each four bytes are a number of the machine's byte order, little-endian here.
        for (int word = 0; word < bytes.length; word += WORD) {
            for (int i = WORD - 1; i >= 0; i--) {
                name.append(String.format(Locale.ROOT, "%02X", bytes[word + i]));
            }
        }
        var port = String.format(Locale.ROOT, ":%04X", address.getPort());
        var names = new ArrayList<>(List.of(name + port));
        if (bytes.length == WORD) {
            names.add(MAPPED_IPV4 + name + port);
        }
        return names;
    }
}
