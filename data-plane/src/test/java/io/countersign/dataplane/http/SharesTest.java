package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final int MAX = 256;

    private final Shares shares = new Shares();

    @Test
    void nobodyTakesMoreThanIsLeft() {
        // Given, When
        var taken = IntStream.rangeClosed(1, 5).map(who -> takeAll(who, 200)).boxed();

        // Then
        assertThat(taken).containsExactly(128, 64, 32, 16, 8);
        assertThat(shares.total()).isEqualTo(MAX - 8);
    }

    @Test
    void oneConnectionLeavesSomeForTheOthersOfItsCaller() {
        // Given, When
        var first = takeAll("a", 1);
        var second = takeAll("a", 1);

        // Then
        assertThat(first).isBetween(MAX / 3, MAX / 3 + 1);
        assertThat(second).isPositive();
        assertThat(shares.allows(caller("a"), MAX)).isTrue();
    }

    @Test
    void whatIsGivenBackIsThereAgain() {
        // Given
        var caller = caller("a");
        var taken = new ArrayDeque<Caller>();
        while (shares.take(caller, MAX)) {
            taken.add(caller);
        }

        // When
        taken.forEach(shares::giveBack);

        // Then
        assertThat(shares.total()).isZero();
        assertThat(takeAll("a", 100)).isEqualTo(MAX / 2);
    }

    /// With as many connections as are needed to take all that one can get.
    private int takeAll(Object who, int connections) {
        var all = IntStream.range(0, connections).mapToObj(_ -> caller(who)).toList();
        var taken = 0;
        for (var more = true; more; ) {
            var before = taken;
            for (var each : all) {
                taken += shares.take(each, MAX) ? 1 : 0;
            }
            more = taken > before;
        }
        return taken;
    }

    private static Caller caller(Object who) {
        return new Caller(who, new EmbeddedChannel());
    }
}
