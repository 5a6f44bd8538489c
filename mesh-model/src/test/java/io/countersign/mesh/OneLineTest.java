package io.countersign.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneLineTest {
    @ParameterizedTest
    @CsvSource({
        "000a", "000d", "0009", "0000", "001b", "007f", "0085", "009b", "2028", "2029", "202e", "2066", "200b", "feff",
        "d800"
    })
    void escapesWhatBeginsALineOrCommandsATerminal(String unit) {
        // Given
        var text = "a" + (char) Integer.parseInt(unit, 16) + "b";

        // When
        var line = OneLine.of(text);

        // Then
        assertThat(line).isEqualTo("a\\u" + unit + "b");
    }

    @Test
    void leavesWhatCanBeSeen() {
        // Given
        var text = "C:\\u0041 \"größer\" – 世界 🜂 $1";

        // When
        var line = OneLine.of(text);

        // Then
        assertThat(line).isEqualTo(text);
    }

    @Test
    void escapesEachHalfOfAnUnseenCharacterBeyondTheFirstPlane() {
        assertThat(OneLine.of("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void keepsOurOwnLines() {
        assertThat(OneLine.ofEach("one\ntwo\u001b[2J\u0085three")).isEqualTo("one\ntwo\\u001b[2J\\u0085three");
    }
}
