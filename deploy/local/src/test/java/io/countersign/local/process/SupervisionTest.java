package io.countersign.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.local.process.Part.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the supervisor asks of the launcher, which here only writes down that it was asked.
class SupervisionTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path SCRIPT = Path.of("supervise.sh").toAbsolutePath();

    @TempDir
    private Path state;

    private ProcessControl control;
    private Process supervisor;

    @BeforeEach
    void start() throws IOException {
        var register = new ProcessRegister(Files.createDirectory(state.resolve("processes")));
        control = new ProcessControl(Files.createDirectory(state.resolve("logs")), register);
        phase("detached");
        Files.writeString(state.resolve("launcher"), "echo \"$1 $6 ${EPOCHREALTIME%[.,]*}\" >>asked\n");
        supervisor = new ProcessBuilder("bash", SCRIPT.toString(), state.toString(), "home", "bash", "launcher")
                .directory(state.toFile())
                .start();
    }

    @AfterEach
    void stop() {
        control.kill("part");
        supervisor.destroyForcibly();
    }

    @Test
    void startsAgainWhatEndedAndAgainAtLongerIntervals() throws Exception {
        // Given
        control.start(part("part"));

        // When
        end("part");

        // Then
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(asked("revive part")).hasSize(4));
        var times = asked("revive part").stream()
                .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        // 1 s, 2 s and 4 s, each of a clock that counts whole seconds.
        assertThat(times.getLast() - times.getFirst()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void leavesAloneWhatWasStopped() throws Exception {
        // Given
        control.start(part("part"));
        control.start(part("other"));

        // When
        control.stop(List.of("part"));
        end("other");

        // Then
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(asked("revive other")).isNotEmpty());
        assertThat(asked("revive part")).isEmpty();
    }

    @Test
    void stopsTheMeshWhenItsOwnerIsGone() throws Exception {
        // Given
        var owner = new ProcessBuilder("sleep", "60").start();
        var identity = ProcessIdentity.of(owner.pid()).orElseThrow();
        phase("attached " + identity.pid() + " " + identity.started());

        // When
        owner.destroyForcibly();

        // Then
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(asked("down ")).isNotEmpty());
        assertThat(supervisor.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void startsNothingWhileTheMeshStarts() throws Exception {
        // Given
        var self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        phase("starting " + self.pid() + " " + self.started());
        control.start(part("part"));
        end("part");

        // When
        Files.delete(state.resolve("processes/part"));
        control.start(part("later"));
        end("later");
        phase("detached");

        // Then
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(asked("revive later")).isNotEmpty());
        assertThat(asked("revive part")).isEmpty();
    }

    private static Part part(String name) {
        return new Part(name, Kind.APP, List.of("sleep", "60"), Map.of(), List.of(), new Readiness.Runs());
    }

    private void end(String name) {
        var process = control.process(name).orElseThrow();
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        assertThat(process.awaitEnd(LIMIT)).isTrue();
    }

    private void phase(String line) throws IOException {
        WholeFile.write(state.resolve("supervision"), line + "\n");
    }

    /// What the launcher was asked so, each with the time in seconds.
    private List<String> asked(String what) throws IOException {
        var file = state.resolve("asked");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith(what))
                        .toList()
                : List.of();
    }
}
