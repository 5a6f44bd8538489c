package io.countersign.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

/// As Quarkus writes lines, with this filter before them.
class OneLineLogTest {
    private static final String ATTACK = "x\n2026-12-01 INFO [audit] certificate issued\u0085\u2028\u001b[2J";
    private static final String SHOWN = "x\\u000a2026-12-01 INFO [audit] certificate issued\\u0085\\u2028\\u001b[2J";

    private final PatternFormatter formatter = new PatternFormatter("%p %s%e");

    @Test
    void keepsAMessageAndItsFactsOnOneLine() {
        // Given
        var logged = new ExtLogRecord(Level.INFO, "problems={0} request refused", FormatStyle.MESSAGE_FORMAT, "logger");
        logged.setParameters(new Object[] {ATTACK});

        // When
        var line = written(logged);

        // Then
        assertThat(line).isEqualTo("INFO problems=" + SHOWN + " request refused");
    }

    @Test
    void keepsTheMessagesOfAnExceptionOnOneLineEach() {
        // Given
        var failure = new IllegalStateException(ATTACK, new IllegalArgumentException(ATTACK));
        failure.addSuppressed(new IllegalArgumentException("closed", failure));
        failure.getCause().addSuppressed(failure);
        var logged = new ExtLogRecord(Level.SEVERE, "request broke off", FormatStyle.NO_FORMAT, "logger");
        logged.setThrown(failure);

        // When
        var lines = written(logged).lines();

        // Then
        assertThat(lines.filter(line -> !line.startsWith("\t") && !line.isEmpty()))
                .containsExactly(
                        "SEVERE request broke off: java.lang.IllegalStateException: " + SHOWN,
                        "Caused by: java.lang.IllegalArgumentException: " + SHOWN);
    }

    private String written(ExtLogRecord logged) {
        assertThat(new OneLineLog().isLoggable(logged)).isTrue();
        return formatter.format(logged);
    }
}
