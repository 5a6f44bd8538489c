package io.countersign.local.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class HostsFileTest {

    @Test
    void namesAWorkloadAndItsServiceByAllTheirNames() {
        // When
        String hosts = HostsFile.of(options(LocalNetwork.DEFAULT), "");

        // Then
        assertThat(hosts.lines())
                .contains("127.20.1.2 httpbin.full httpbin.full.svc httpbin.full.svc.cluster.local")
                .contains("127.20.1.1 sleep.full");
    }

    @Test
    void givesAServiceOfTwoWorkloadsBothAddresses() {
        // When
        String hosts = HostsFile.of(options(new LocalNetwork("127.31")), "");

        // Then
        assertThat(hosts.lines().filter(line -> line.contains(" httpbin.partial.svc ")))
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("127.31.2.1", "127.31.2.2");
    }

    @Test
    void namesServicesOfTheNamespaceByTheirShortNames() {
        // When
        String hosts = HostsFile.of(options(LocalNetwork.DEFAULT), "bookinfo");

        // Then
        assertThat(hosts.lines())
                .contains("127.20.6.4 ratings-v1.bookinfo ratings.bookinfo ratings.bookinfo.svc"
                        + " ratings.bookinfo.svc.cluster.local ratings")
                .contains("127.20.1.2 httpbin.full httpbin.full.svc httpbin.full.svc.cluster.local");
    }

    @Test
    void namesServicesInAPodByTheAddressesThatTheyKeep() {
        // When
        String hosts = HostsFile.ofPod(options(LocalNetwork.PODS), "bookinfo", "10.20.6.4", "machine");

        // Then
        assertThat(hosts.lines())
                .contains(
                        "10.20.6.4 machine",
                        "10.20.255.1 httpbin.full httpbin.full.svc httpbin.full.svc.cluster.local",
                        "10.20.2.2 httpbin-nosidecar.partial",
                        "10.20.1.1 sleep.full")
                .filteredOn(line -> line.endsWith("ratings.bookinfo.svc.cluster.local ratings"))
                .singleElement()
                .asString()
                .startsWith("10.20.255.");
        assertThat(hosts).doesNotContain("10.20.1.2 ");
    }

    private static MeshOptions options(LocalNetwork network) {
        var state = new StateFolder(Path.of("/state"));
        return MeshOptions.of(Path.of("/home"), state, network, EnumSet.allOf(SampleSet.class));
    }
}
