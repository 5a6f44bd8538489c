package io.countersign.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.local.process.Part.Kind;
import io.countersign.local.process.ProcessRegister.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    void leavesAProcessAloneThatOnlyHasTheRecordedPid() throws IOException {
        // Given
        var other = new ProcessBuilder("sleep", "60").start();
        var process = ProcessIdentity.of(other.pid()).orElseThrow();
        register.add(new Entry("part", Kind.APP, new ProcessIdentity(process.pid(), process.started() + 1)));

        // When
        control.stop(List.of("part"));

        // Then
        assertThat(process.isAlive()).isTrue();
        other.destroyForcibly();
    }

    @Test
    void stopsAProcessWhoseRecordWasLost() throws IOException {
        // Given
        control.start(part("sleep", "60"));
        var process = control.process("part").orElseThrow();
        Files.delete(folder.resolve("processes/part"));

        // When
        control.stop(register.entries().stream().map(Entry::name).toList());

        // Then
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void findsAndRecordsAProcessWhoseRecordWasCutShort() throws IOException {
        // Given
        var part = part("sleep", "60");
        control.start(part);
        var record = folder.resolve("processes/part");
        var whole = Files.readString(record);
        Files.writeString(record, "");

        // When
        control.recordAgain(part);

        // Then
        assertThat(record).hasContent(whole);
        control.kill("part");
    }

    @Test
    void leavesNothingRunningThatItCannotRecord() throws IOException {
        // Given
        var obstacle = Files.createDirectories(folder.resolve("processes/.part.partial/full"));

        // When
        assertThatThrownBy(() -> control.start(part("sleep", "60"))).isInstanceOf(UncheckedIOException.class);

        // Then
        assertThat(obstacle).exists();
        assertThat(register.entries()).isEmpty();
    }

    @Test
    void keepsTheOldRecordWhenANewOneCannotBeWritten() throws IOException {
        // Given
        var old = new Entry("part", Kind.APP, new ProcessIdentity(1, 1));
        register.add(old);
        Files.createDirectories(folder.resolve("processes/.part.partial/full"));

        // When
        assertThatThrownBy(() -> register.add(new Entry("part", Kind.APP, new ProcessIdentity(2, 2))))
                .isInstanceOf(UncheckedIOException.class);

        // Then
        assertThat(register.find("part")).contains(old);
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
