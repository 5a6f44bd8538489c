package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.RunningMesh;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that are not HTTP, from clients with and without a sidecar to servers with one.
@InPods
class CapturedTcpScenarioIT {
    private final RunningMesh mesh;

    CapturedTcpScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep.tcp", "sleep-nosidecar.tcp"})
    void aServerThatSpeaksFirstIsHeard(String client) {
        assertThat(talk(client, "greeter:9025", "print scalar <$s>;")).isEqualTo("220 greeter ready\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep.tcp", "sleep-nosidecar.tcp"})
    void theAnswerComesAfterTheClientHasEndedItsHalf(String client) {
        try (var wire = Wiretap.on(mesh)) {
            var answer = talk(client, "echo:9000", "print $s 'some words'; $s->flush; $s->shutdown(1); print <$s>;");
            assertThat(answer).isEqualTo("some words");
            var crossed = wire.between(client, "echo.tcp");
            assertThat(crossed.contains("some words")).isEqualTo(client.equals("sleep-nosidecar.tcp"));
        }
    }

    /// @param dialogue what is done with the connection `$s`
    private String talk(String client, String server, String dialogue) {
        var script =
                "alarm 60; my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], Timeout => 30) or die $@; " + dialogue;
        return mesh.exec(client + "/app", "perl", "-MIO::Socket::INET", "-e", script, server)
                .orFail();
    }
}
