package io.countersign.integration.bench.proxy;

import io.countersign.integration.bench.MeasuredProcess;
import io.countersign.integration.mesh.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Certificates put in force anew in both proxies of a pair, as each peer has it done.
final class PeerSwaps {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final PeerFiles files;

    PeerSwaps(PeerFiles files) {
        this.files = files;
    }

    /// nginx reads its configuration anew, and another worker takes over: it has no other way. HAProxy takes
    /// certificates by its runtime interface (`set ssl cert`).
    void swap(Pair peers) {
        switch (peers.name()) {
            case Line.NGINX ->
                peers.proxies().values().stream().map(MeasuredProcess::pid).forEach(PeerSwaps::hangUp);
            case Line.HAPROXY -> {
                renew(peers.entryPort(), files.pem("cli"));
                renew(peers.tls().getPort(), files.pem("srv"));
            }
            default -> throw new IllegalArgumentException(peers.name() + ": no peer");
        }
    }

    private static void hangUp(long pid) {
        Command.run(Path.of("."), LIMIT, "", List.of("kill", "-HUP", Long.toString(pid)))
                .orFail();
    }

    private void renew(int port, Path pem) {
        try {
            // A blank line would end what is given.
            var given = Files.readString(pem).strip();
            say(port, "Transaction created", "set ssl cert %s <<\n%s\n\n".formatted(pem, given));
            say(port, "Success", "commit ssl cert %s\n".formatted(pem));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void say(int port, String expected, String command) throws IOException {
        try (var runtime = new Socket(files.address(), port + PeerFiles.RUNTIME)) {
            runtime.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
            runtime.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
            var answer = new String(runtime.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.contains(expected)) {
                throw new IllegalStateException("HAProxy: " + answer.strip() + " (expected: " + expected + ")");
            }
        }
    }
}
