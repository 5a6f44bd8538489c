package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private final StringWriter out = new StringWriter();

    @Test
    void columnsAreAsWideAsGosTabwriterSetsThem() {
        // Given
        var table = new TextTable("HOST:PORT", "STATUS", "SERVER");
        table.add("httpbin.default.svc.cluster.local:8000", "OK", "mTLS");

        // When
        table.print(new PrintWriter(out), false);

        // Then
        assertThat(out.toString().lines())
                .containsExactly(
                        "HOST:PORT                                  STATUS     SERVER",
                        "httpbin.default.svc.cluster.local:8000     OK         mTLS");
    }

    @Test
    void aCellIsShownAndNotObeyed() {
        // Given
        var table = new TextTable("STATUS", "FINDING");
        table.add("OK", "x\nOK     forged\u001b[2J\u009b1m");

        // When
        table.print(new PrintWriter(out), true);

        // Then
        assertThat(out.toString().lines())
                .containsExactly("STATUS     FINDING", "OK         x\\u000aOK     forged\\u001b[2J\\u009b1m");
    }

    @Test
    void coloursMoveNoColumn() {
        // Given
        var table = new TextTable("STATUS", "SERVER");
        table.add("CONFLICT", "mTLS");

        // When
        table.print(new PrintWriter(out), true);

        // Then
        assertThat(out.toString().lines())
                .containsExactly("STATUS       SERVER", "\u001b[31mCONFLICT\u001b[0m     mTLS");
    }
}
