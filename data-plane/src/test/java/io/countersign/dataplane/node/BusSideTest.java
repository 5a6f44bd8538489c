package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BusSideTest {
    @Test
    void isTheAddressByWhichTheBusIsReached() {
        assertThat(BusSide.address(Map.of("bootstrap.servers", "127.0.0.1:9092")))
                .hasValue("127.0.0.1");
        assertThat(BusSide.address(Map.of("bootstrap.servers", "[::1]:9092"))).hasValue("0:0:0:0:0:0:0:1");
    }

    @Test
    void isOfTheFirstServerThatCanBeReached() {
        assertThat(BusSide.address(Map.of("bootstrap.servers", "no.such.host.invalid:9092, 127.0.0.1:9092")))
                .hasValue("127.0.0.1");
        assertThat(BusSide.address(Map.of("bootstrap.servers", List.of("127.0.0.1:9092"))))
                .hasValue("127.0.0.1");
    }

    @Test
    void isNowhereWhenNoServerCanBeReached() {
        assertThat(BusSide.address(Map.of("bootstrap.servers", "no.such.host.invalid:9092")))
                .isEmpty();
        assertThat(BusSide.address(Map.of("bootstrap.servers", "%"))).isEmpty();
        assertThat(BusSide.address(Map.of())).isEmpty();
    }
}
