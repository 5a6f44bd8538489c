package io.countersign.local.process;

import io.countersign.local.process.SocketTable.Holder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which ports are free, and who holds those that are not.
public final class Ports {

    private static final Path OWN_NAMESPACE = Path.of("/proc/net");
    private static final List<String> TABLES = List.of("tcp", "tcp6");

    private Ports() {}

    /// One sentence for every endpoint that cannot be bound, naming it and its holder; empty when all are free.
    public static List<String> taken(Collection<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(endpoint -> !isFree(endpoint))
                .map(endpoint -> "port " + endpoint + " is taken by " + holderName(endpoint))
                .toList();
    }

    /// The process that listens there, where this user may see it.
    public static Optional<ProcessIdentity> holder(Endpoint endpoint) {
        return socket(OWN_NAMESPACE, endpoint).flatMap(socket -> owner(socket.inode()));
    }

    private static boolean isFree(Endpoint endpoint) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(endpoint.address(), endpoint.port()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String holderName(Endpoint endpoint) {
        Optional<Holder> socket = socket(OWN_NAMESPACE, endpoint);
        return socket.flatMap(held -> owner(held.inode()))
                .map(process -> "pid " + process.pid() + " (" + process.command() + ")")
                .or(() -> socket.map(held -> "a process of user id " + held.uid()))
                .orElse("a process that cannot be seen from here");
    }

    /// The listening socket in a network namespace.
    ///
    /// @param tables the namespace's `/proc/PID/net`; a process that has ended has none
    static Optional<Holder> socket(Path tables, Endpoint endpoint) {
        for (String table : TABLES) {
            try (Stream<String> lines = Files.lines(tables.resolve(table))) {
                Optional<Holder> found = SocketTable.holder(lines, endpoint);
                if (found.isPresent()) {
                    return found;
                }
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException("socket table " + tables.resolve(table), e);
            }
        }
        return Optional.empty();
    }

    private static Optional<ProcessIdentity> owner(String inode) {
        String socket = "socket:[" + inode + "]";
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process.pid(), socket))
                .findFirst()
                .flatMap(process -> ProcessIdentity.of(process.pid()));
    }

    private static boolean holds(long pid, String socket) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors) {
                if (isLinkTo(descriptor, socket)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Another user's process, or one that just ended: not ours to look into.
            return false;
        }
        return false;
    }

    private static boolean isLinkTo(Path descriptor, String socket) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(socket);
        } catch (IOException e) {
            // Closed since the folder was listed.
            return false;
        }
    }
}
