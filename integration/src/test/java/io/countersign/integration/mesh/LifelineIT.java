package io.countersign.integration.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifelineIT {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAJvmStartedEndsWithIt(boolean killed) throws Exception {
        // Given
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var jvm =
                new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Starter.class.getName()).start();
        var pids = List.of(jvm.inputReader().readLine().split(" ", -1));

        // When
        if (killed) {
            jvm.destroyForcibly();
        } else {
            jvm.destroy();
        }

        // Then
        assertThat(pids).hasSize(2);
        Awaitility.await().untilAsserted(() -> assertThat(pids).noneMatch(LifelineIT::runs));
    }

    /// Where nobody reaps, what has ended is a zombie for ever.
    private static boolean runs(String pid) {
        return Command.run(Path.of("."), Duration.ofSeconds(10), "", List.of("ps", "-o", "stat=", "-p", pid))
                .output()
                .matches("[^Z]+");
    }

    /// Starts a shell that starts another program, and says both.
    static final class Starter {
        private Starter() {}

        public static void main(String[] arguments) throws Exception {
            var shell = Lifeline.start(new ProcessBuilder("sh", "-c", "sleep 60 & echo $$ $!; wait"));
            System.out.println(shell.inputReader().readLine());
            shell.waitFor();
        }
    }
}
