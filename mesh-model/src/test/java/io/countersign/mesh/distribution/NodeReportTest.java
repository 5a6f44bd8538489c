package io.countersign.mesh.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeReportTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "127.20.1.2:15021", "[2001:db8::1]:15021", "node-1.example:15021"})
    void saysWhereItMayBeAskedForMore(String admin) {
        assertThat(report(admin).admin()).isEqualTo(admin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.20.1.2", "127.20.1.2:15021/quitquitquit?", "user@host:1", "a b:1", ":1", "host:123456"})
    void refusesWhatIsNoAddress(String admin) {
        assertThatThrownBy(() -> report(admin))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("admin of a report: no address (expected: host:port)");
    }

    private static NodeReport report(String admin) {
        return new NodeReport(
                new NodeId("httpbin.full"),
                SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin"),
                new TreeMap<>(),
                "topic",
                1,
                1,
                new TreeMap<>(),
                admin,
                Instant.EPOCH);
    }
}
