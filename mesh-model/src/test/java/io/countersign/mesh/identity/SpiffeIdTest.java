package io.countersign.mesh.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    @Test
    void parsesWhatItPrints() {
        // Given
        var text = "spiffe://cluster.local/ns/full/sa/sleep";

        // When
        var id = SpiffeId.parse(text);

        // Then
        assertThat(id).hasToString(text);
        assertThat(id).isEqualTo(SpiffeId.ofServiceAccount(new TrustDomain("cluster.local"), "full", "sleep"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cluster.local/ns/full",
                "https://cluster.local/ns/full",
                "SPIFFE://cluster.local/ns/full",
                "spiffe://",
                "spiffe:///ns/full",
                "spiffe://Cluster.local/ns/full",
                "spiffe://cluster.local:80/ns/full",
                "spiffe://user@cluster.local/ns/full",
                "spiffe://cluster.local/",
                "spiffe://cluster.local/ns//full",
                "spiffe://cluster.local/ns/full/",
                "spiffe://cluster.local/ns/../full",
                "spiffe://cluster.local/.",
                "spiffe://cluster.local/ns/full?x=1",
                "spiffe://cluster.local/ns/full#x",
                "spiffe://cluster.local/ns/f%75ll",
                "spiffe://cluster.local/ns/full;By=spiffe",
                "spiffe://cluster.local/ns/f\nll",
            })
    void rejectsWhatIsNoSpiffeId(String text) {
        assertThatThrownBy(() -> SpiffeId.parse(text)).isInstanceOf(InvalidInput.class);
    }

    @Test
    void rejectsAnIdLongerThanTheSpecificationAllows() {
        assertThatThrownBy(() -> SpiffeId.parse("spiffe://cluster.local/" + "a".repeat(2048)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("at most 2048");
    }
}
