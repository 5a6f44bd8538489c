package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.AnyApp;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.mesh.config.PortMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The side that accepts HTTP/2 as h2spec judges it (RFC 7540 and 7541), with its own count of what fails.
class H2specIT {
    private static final Path ARCHIVE = Path.of("target/h2spec/2.2.0/h2spec_linux_amd64.tar.gz");

    private static final Pattern FAILED = Pattern.compile("× [0-9]+: (.*)");

    /// What Netty's codec does otherwise, and why it is left so. None of it lets a client reach more than a stream of
    /// its own.
    private static final Set<String> KNOWN = Set.of(
            // 5.1: a reset with PROTOCOL_ERROR in place of STREAM_CLOSED. Netty counts a stream's sections of fields
            // before it looks at its state; HEADERS that open a stream and end it count twice. Where its error can be
            // changed (onStreamError) the stream looks the same as after a wrong content-length in such HEADERS, which
            // is rightly PROTOCOL_ERROR.
            "half closed (remote): Sends a HEADERS frame",
            // 5.1: a reset with STREAM_CLOSED in place of the connection's end. Netty forgets a stream as it closes,
            // and with it who ended it. What was on its way when we reset a stream must not end the connection, and
            // with it the requests of everybody else on it: so all that we ever reset would have to be remembered,
            // and whatever bound that has, to be wrong past it costs bystanders more than this costs anyone.
            "closed: Sends a HEADERS frame",
            // 5.1.1: the same for a stream that never was. All that Netty knows is that its number is not above the
            // highest.
            "Sends stream identifier that is numerically smaller than previous");

    @TempDir
    private Path folder;

    @BeforeEach
    void unpack() throws Exception {
        run(List.of("tar", "xzf", ARCHIVE.toAbsolutePath().toString()));
    }

    /// h2spec has no certificate to show, so somebody shows one for it.
    @Test
    void conformsOverMutualTls() throws Exception {
        try (var app = EchoApp.start();
                var sidecars = new TestSidecars(app.port());
                var tls = MutualTlsForwarder.to(sidecars, sidecars.inboundPort())) {
            sidecars.mode = PortMode.STRICT;
            assertConforms(tls.port(), "/sum");
        }
    }

    @Test
    void conformsInPlaintextToAnApplicationOfHttp2() throws Exception {
        try (var app = new AnyApp();
                var sidecars = new TestSidecars(app.port())) {
            sidecars.mode = PortMode.PERMISSIVE;
            assertConforms(sidecars.inboundPort(), "/");
        }
    }

    /// @param path of an answer with a body, after the whole request: what is wrong with its end must be seen before
    private void assertConforms(int port, String path) throws IOException, InterruptedException {
        // When
        var said = run(List.of("./h2spec", "--port", Integer.toString(port), "--path", path, "--timeout", "5"));

        // Then
        assertThat(said).containsPattern("145 tests, [0-9]+ passed, 0 skipped, [0-3] failed");
        assertThat(FAILED.matcher(said).results().map(found -> found.group(1))).isSubsetOf(KNOWN);
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        var output = folder.resolve("output");
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.waitFor();
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
