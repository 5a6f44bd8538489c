package io.countersign.proxy.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The `nat` table of the network namespace that this process is in.
record KernelTable(AddressFamily family) implements NatTable {

    private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");

    /// The tables that the namespace has: a kernel without IPv6 lets nobody out by it.
    static List<NatTable> all() {
        return Stream.of(AddressFamily.values())
                .filter(family -> family == AddressFamily.IPV4 || Files.exists(IPV6_ADDRESSES))
                .<NatTable>map(KernelTable::new)
                .toList();
    }

    @Override
    public List<String> read() {
        return run("", family.program + "-save", "-t", "nat").lines().toList();
    }

    @Override
    public void change(String text) {
        if (!text.isEmpty()) {
            run(text, family.program + "-restore", "--noflush");
        }
    }

    private static String run(String input, String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
                stdin.write(input);
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new CaptureRefused(refusal(command[0], code, output.strip()));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    command[0] + " cannot be run; install the package iptables, and look whether it is on the PATH", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CaptureRefused(command[0] + " was interrupted");
        }
    }

    private static String refusal(String program, int code, String output) {
        boolean denied = output.contains("ermission denied") || output.contains("not permitted");
        return program + " ended with " + code + ": " + output
                + (denied ? "\nrun this as root, or with the capability NET_ADMIN, in the workload's namespace" : "");
    }
}
