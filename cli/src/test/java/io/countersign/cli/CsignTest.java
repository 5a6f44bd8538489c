package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CsignTest {

    private final StringWriter out = new StringWriter();

    @Test
    void printsItsVersion() {
        // When
        int code = Csign.run(new PrintWriter(out), "version");

        // Then
        assertThat(code).isZero();
        assertThat(out.toString()).startsWith("csign ");
    }

    @Test
    void saysWhatThereIsWithoutASubcommand() {
        // When
        int code = Csign.run(new PrintWriter(out));

        // Then
        assertThat(code).isZero();
        assertThat(out.toString()).contains("Usage: csign").contains("version");
    }
}
