package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.tls.PostQuantum;
import io.countersign.mesh.config.ConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir
    private Path folder;

    @Test
    void hasDefaultsForWhatMayBeLeftOut() throws IOException {
        // When
        var settings = NodeSettings.of(read(""));

        // Then
        assertThat(settings.relay()).isEqualTo(RelaySettings.DEFAULTS);
        assertThat(settings.eventLoops()).isEqualTo(2);
        assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.postQuantum()).isEqualTo(PostQuantum.PREFERRED);
        assertThat(settings.operations().metrics()).isEmpty();
        assertThat(settings.operations().accessLog()).isFalse();
        assertThat(settings.served().getFirst().workload()).isEmpty();
        assertThat(settings.served().getFirst().identity().directory()).isEmpty();
    }

    @Test
    void readsEverything() throws IOException {
        // When
        var settings = NodeSettings.of(read("""
                countersign.node.workload=full/httpbin
                countersign.node.event-loops=3
                countersign.node.drain-timeout=PT1S
                countersign.node.tls.post-quantum=required
                countersign.node.relay.connect-timeout=PT2S
                countersign.node.relay.idle-timeout=PT3S
                countersign.node.relay.raw-idle-timeout=PT3H
                countersign.node.relay.upstream-idle-timeout=PT4S
                countersign.node.relay.connections-per-upstream=5
                countersign.node.relay.waiting-per-upstream=6
                countersign.identity.directory=certs
                countersign.node.metrics.address=0.0.0.0:15090
                countersign.node.access-log=true
                countersign.node.state-directory=state
                countersign.node.ends-with-pid=17
                """));

        // Then
        assertThat(settings.served().getFirst().workload()).contains(ConfigKey.workload("full", "httpbin"));
        assertThat(settings.operations().admin()).hasToString("/127.0.0.1:15000");
        assertThat(settings.relay())
                .isEqualTo(new RelaySettings(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofHours(3),
                        Duration.ofSeconds(4),
                        5,
                        6));
        assertThat(settings.busProperties()).containsEntry("bootstrap.servers", "127.0.0.1:9092");
        assertThat(settings.served().getFirst().identity().directory()).contains(Path.of("certs"));
        assertThat(settings.operations().metrics().orElseThrow().getPort()).isEqualTo(15090);
        assertThat(settings.operations().accessLog()).isTrue();
        assertThat(settings.operations().stateDirectory()).contains(Path.of("state"));
        assertThat(settings.operations().endsWithPid()).contains(17L);
        assertThat(settings.postQuantum()).isEqualTo(PostQuantum.REQUIRED);
        assertThat(settings.toString()).doesNotContain("bootstrap");
    }

    @Test
    void namesEveryProblemAtOnce() {
        assertThatThrownBy(() -> read("""
                        countersign.node.workload=httpbin
                        countersign.node.event-loops=many
                        countersign.node.admni=127.0.0.1:1
                        countersign.nodes.colour=blue
                        """))
                .isInstanceOf(ConfigRefused.class)
                .hasMessageContaining("workload: httpbin (expected: namespace/name)")
                .hasMessageContaining("countersign.node.event-loops")
                .hasMessageContaining("countersign.node.admni")
                .hasMessageContaining("countersign.nodes.colour");
    }

    @ParameterizedTest
    @CsvSource({
        "countersign.node.event-loops=0, event-loops: 0",
        "countersign.node.admin.address=192.0.2.1:15000, (expected: a loopback address)",
        "countersign.node.ends-with-pid=0, ends-with-pid: 0",
        "countersign.node.drain-timeout=PT0S, drain-timeout: PT0S",
        "countersign.node.relay.connect-timeout=PT0S, connect timeout: PT0S",
        "countersign.node.relay.waiting-per-upstream=0, waiting per upstream: 0",
    })
    void refusesValuesThatCannotWork(String line, String problem) throws IOException {
        // Given
        var config = read(line);

        // When, Then
        assertThatThrownBy(() -> NodeSettings.of(config))
                .isInstanceOf(ConfigRefused.class)
                .hasMessageContaining(problem);
    }

    @Test
    void namesAFileThatCannotBeRead() {
        assertThatThrownBy(() -> ConfigFile.read(folder.resolve("none"), CommonConfig.class))
                .isInstanceOf(ConfigRefused.class)
                .hasMessageContaining("none: cannot be read");
    }

    private CommonConfig read(String more) throws IOException {
        var bus = Files.writeString(folder.resolve("bus.properties"), "bootstrap.servers=127.0.0.1:9092\n");
        var file = Files.writeString(folder.resolve("node.properties"), """
                countersign.node.trust-domain=cluster.local
                countersign.node.admin.address=127.0.0.1:15000
                countersign.node.health.address=127.0.0.1:15021
                countersign.bus.properties-file=%s
                countersign.identity.ca-uri=https://127.0.0.1:8443
                countersign.identity.spiffe-id=spiffe://cluster.local/ns/full/sa/httpbin
                countersign.identity.node-id=httpbin.full
                countersign.identity.join-token-file=token
                """.formatted(bus) + more);
        return ConfigFile.read(file, CommonConfig.class);
    }
}
