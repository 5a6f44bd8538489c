package io.countersign.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.dataplane.node.ConfigFile;
import io.countersign.dataplane.node.ConfigRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyConfigTest {
    private static final String COMMON = """
            countersign.node.workload=full/httpbin
            countersign.node.trust-domain=cluster.local
            countersign.node.admin.address=127.0.0.1:15000
            countersign.node.health.address=127.0.0.1:15021
            countersign.bus.properties-file=bus
            countersign.identity.ca-uri=https://127.0.0.1:8443
            countersign.identity.spiffe-id=spiffe://cluster.local/ns/full/sa/httpbin
            countersign.identity.node-id=httpbin.full
            countersign.identity.join-token-file=token
            """;

    @TempDir
    private Path folder;

    @Test
    void readsPortsWithTheirApplications() throws IOException {
        // When
        var proxy = read("""
                countersign.proxy.inbound.address=127.20.1.2
                countersign.proxy.inbound.ports."8000"=127.20.1.2:18000
                countersign.proxy.inbound.ports.9000=127.20.1.2:19000
                countersign.proxy.outbound.address=127.20.1.2:15001
                """).proxy();

        // Then
        assertThat(proxy.inbound().address()).contains("127.20.1.2");
        assertThat(proxy.inbound().ports()).containsOnlyKeys(8000, 9000);
        assertThat(proxy.inbound().ports().get(8000)).hasToString("/127.20.1.2:18000");
        assertThat(proxy.outbound().address()).map(Object::toString).contains("/127.20.1.2:15001");
        assertThat(proxy.outbound().unknown()).isEqualTo(ProxyConfig.Unknown.PASS_THROUGH);
    }

    @Test
    void readsWhereTheKernelLeadsConnections() throws IOException {
        // When
        var proxy = read("""
                countersign.proxy.inbound.captured=[::]:15006
                countersign.proxy.outbound.captured=0.0.0.0:15001
                countersign.proxy.outbound.unknown=refuse
                """).proxy();

        // Then
        assertThat(proxy.inbound().captured()).map(InetSocketAddress::getPort).contains(15006);
        assertThat(proxy.inbound().address()).isEmpty();
        assertThat(proxy.outbound().captured()).map(InetSocketAddress::getPort).contains(15001);
        assertThat(proxy.outbound().unknown()).isEqualTo(ProxyConfig.Unknown.REFUSE);
    }

    @Test
    void takesAWorkloadThatServesNothing() throws IOException {
        // When
        var proxy = read("""
                countersign.proxy.inbound.address=127.20.1.1
                countersign.proxy.outbound.address=127.20.1.1:15001
                """).proxy();

        // Then
        assertThat(proxy.inbound().ports()).isEmpty();
    }

    @Test
    void takesMoreWorkloadsEachWithItsOwnIdentity() throws IOException {
        // Given
        var bus = Files.writeString(folder.resolve("bus"), "bootstrap.servers=127.0.0.1:9092\n");
        var config = read("""
                countersign.bus.properties-file=%s
                countersign.proxy.inbound.address=127.20.1.1
                countersign.proxy.outbound.address=127.20.1.1:15001
                countersign.workloads.sleep.workload=full/sleep
                countersign.workloads.sleep.identity.ca-uri=https://127.0.0.1:8443
                countersign.workloads.sleep.identity.spiffe-id=spiffe://cluster.local/ns/full/sa/sleep
                countersign.workloads.sleep.identity.node-id=sleep.full
                countersign.workloads.sleep.identity.join-token-file=token-2
                countersign.workloads.sleep.health.address=127.20.1.2:15021
                countersign.workloads.sleep.proxy.inbound.address=127.20.1.2
                countersign.workloads.sleep.proxy.outbound.address=127.20.1.2:15001
                """.formatted(bus));

        // When
        var served = ProxyNode.settings(config).served();

        // Then
        assertThat(served)
                .extracting(each -> each.identity().nodeId().value())
                .containsExactly("httpbin.full", "sleep.full");
        assertThat(served.getLast().health().orElseThrow()).hasToString("/127.20.1.2:15021");
        assertThat(ProxyNode.listeners(config)).isNotNull();
    }

    @Test
    void namesEveryProblemAtOnce() {
        assertThatThrownBy(() -> read("""
                        countersign.proxy.inbound.ports."8000"=127.20.1.2
                        countersign.proxy.colour=blue
                        """))
                .isInstanceOf(ConfigRefused.class)
                .hasMessageContaining("address: 127.20.1.2 (expected: host:port)")
                .hasMessageContaining("countersign.proxy.colour");
    }

    @Test
    void refusesAPortThatIsNoNumber() {
        assertThatThrownBy(() -> read("""
                        countersign.proxy.inbound.address=127.20.1.1
                        countersign.proxy.inbound.ports."http"=127.20.1.2:18000
                        countersign.proxy.outbound.address=127.20.1.1:15001
                        """)).isInstanceOf(ConfigRefused.class).hasMessageContaining("http");
    }

    private ProxyConfig read(String more) throws IOException {
        var file = Files.writeString(folder.resolve("proxy.properties"), COMMON + more);
        return ConfigFile.read(file, ProxyConfig.class);
    }
}
