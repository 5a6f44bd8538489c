package io.countersign.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoldenFilesTest {
    @ParameterizedTest
    @EnumSource
    void readsAndWritesBackByteForByte(Golden golden) {
        // Given
        var value = golden.bytes();

        // When
        var written = golden.rewrite(value);

        // Then
        assertThat(text(written)).isEqualTo(text(value));
    }

    @ParameterizedTest
    @EnumSource
    void ignoresFieldsOfALaterVersion(Golden golden) {
        // Given
        ObjectNode later = golden.tree();
        later.putObject("addedLater").put("deep", true);

        // When
        var record = golden.decode(JsonRecord.bytes(later));

        // Then
        assertThat(record).isEqualTo(golden.decode(golden.bytes()));
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }
}
