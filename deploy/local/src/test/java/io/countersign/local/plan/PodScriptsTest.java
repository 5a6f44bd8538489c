package io.countersign.local.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class PodScriptsTest {

    private final String script = PodScripts.up(
            MeshOptions.of(
                    Path.of("/home"),
                    new StateFolder(Path.of("/state")),
                    new LocalNetwork("10.31"),
                    EnumSet.of(SampleSet.HTTPBIN)),
            "print rules");

    @Test
    void givesEveryWorkloadAndTheGatewayANamespaceWithALink() {
        // When
        var pods = script.lines().filter(line -> line.startsWith("pod=$bridge-"));

        // Then
        assertThat(pods)
                .containsExactly(
                        "pod=$bridge-sleep.full",
                        "pod=$bridge-httpbin.full",
                        "pod=$bridge-httpbin.partial",
                        "pod=$bridge-httpbin-nosidecar.partial",
                        "pod=$bridge-sleep.legacy",
                        "pod=$bridge-httpbin.legacy",
                        "pod=$bridge-istio-ingressgateway.istio-system");
        assertThat(script)
                .startsWith("bridge=csn31\n")
                .contains(
                        "ip addr add 10.31.0.1/16 dev $bridge",
                        "ip link add $bridge-2-2 type veth peer name eth0 netns $pod",
                        "addr add 10.31.2.2/16 dev eth0",
                        "addr add fd00:31::2:2/64 dev eth0 nodad");
    }

    @Test
    void capturesMeshedPodsOnly() {
        assertThat(script.lines().filter(line -> line.contains("<<<\"$capture\"")))
                .hasSize(3);
    }

    @Test
    void leadsServiceAddressesToTheirWorkloadsInTurn() {
        assertThat(script).contains("""
                        -A COUNTERSIGN_SERVICES -d 10.31.255.1/32 -p tcp --dport 8000 -j DNAT --to-destination 10.31.1.2:8000
                        -A COUNTERSIGN_SERVICES -d 10.31.255.2/32 -p tcp --dport 8000 -m statistic --mode nth --every 2 --packet 0 -j DNAT --to-destination 10.31.2.1:8000
                        -A COUNTERSIGN_SERVICES -d 10.31.255.2/32 -p tcp --dport 8000 -j DNAT --to-destination 10.31.2.2:8000
                        -A COUNTERSIGN_SERVICES -d 10.31.255.3/32 -p tcp --dport 8000 -j DNAT --to-destination 10.31.3.2:8000
                        """);
    }
}
