package io.countersign.dataplane.tls;

import io.countersign.identity.Pem;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `openssl s_client`, as people use it: it says what it sees on the wire.
public final class OpenSslClient implements AutoCloseable {
    private static final byte[] REQUEST =
            "GET /headers HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Process process;
    private final Path output;

    /// Connects, and sends a request.
    ///
    /// @param files a folder for the certificate and the output
    public OpenSslClient(Path files, int port, Optional<TestSvid> svid, String... arguments) throws IOException {
        var command = new ArrayList<>(
                List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-alpn", "istio", "-ign_eof"));
        command.addAll(List.of(arguments));
        if (svid.isPresent()) {
            var key = Files.writeString(
                    Files.createTempFile(files, "key", ".pem"),
                    Pem.encode(svid.get().key()));
            var chain = Files.writeString(
                    Files.createTempFile(files, "chain", ".pem"),
                    Pem.encode(svid.get().chain()));
            command.addAll(List.of("-cert", chain.toString(), "-key", key.toString()));
        }
        output = Files.createTempFile(files, "client", ".txt");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            process.getOutputStream().write(REQUEST);
            process.getOutputStream().flush();
        } catch (IOException e) {
            // It was refused before it had read the request.
            process.onExit().join();
        }
    }

    /// What it has said so far.
    public String said() {
        try {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All that it said once the server has ended the connection.
    public String ended() {
        process.onExit().join();
        return said();
    }

    public boolean isOpen() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
