package io.countersign.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.local.process.Part.Kind;
import io.countersign.local.process.ProcessRegister.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessControlTest {

    @TempDir
    private Path folder;

    private ProcessRegister register;
    private ProcessControl control;

    @BeforeEach
    void openRegister() throws IOException {
        register = new ProcessRegister(Files.createDirectory(folder.resolve("processes")));
        control = new ProcessControl(Files.createDirectory(folder.resolve("logs")), register);
    }

    @Test
    void stopsWhatItStarted() {
        // Given
        control.start(part("sleep", "60"));
        var process = control.process("part").orElseThrow();

        // When
        control.stop(List.of("part"));

        // Then
        assertThat(process.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(register.entries()).isEmpty();
    }

    @Test
    void leavesAProcessAloneThatOnlyHasTheRecordedPid() {
        // Given
        control.start(part("sleep", "60"));
        var process = control.process("part").orElseThrow();
        register.add(new Entry("part", Kind.APP, new ProcessIdentity(process.pid(), process.started() + 1)));

        // When
        control.stop(List.of("part"));

        // Then
        assertThat(process.isAlive()).isTrue();
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void showsTheEndOfTheLogOfAPartThatEnded() throws IOException {
        // Given
        var end = folder.resolve("end");
        var part = part("sh", "-c", "echo no such luck; until test -e '" + end + "'; do sleep 0.05; done; exit 3");
        control.start(part);
        Files.createFile(end);

        // Then
        assertThatThrownBy(() -> control.awaitReady(
                        part, System.nanoTime() + Duration.ofSeconds(60).toNanos()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("part ended")
                .hasMessageContaining("no such luck");
    }

    @Test
    void overlooksARecordThatACrashCutShort() throws IOException {
        // When
        Files.writeString(folder.resolve("processes/broken"), "APP 12");

        // Then
        assertThat(register.entries()).isEmpty();
    }

    private static Part part(String... command) {
        return new Part(
                "part",
                Kind.APP,
                List.of(command),
                Map.of(),
                List.of(),
                new Readiness.Announced(Path.of("/nonexistent/ready")));
    }
}
