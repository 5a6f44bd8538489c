package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class NodeLoggingTest {
    private static final String ATTACK = "x\n2026-12-01 INFO Node certificate renewed\r\u0085\u2028\u001b[2J";
    private static final String SHOWN =
            "x\\u000a2026-12-01 INFO Node certificate renewed\\u000d\\u0085\\u2028\\u001b[2J";

    private final LoggerContext context = new LoggerContext();

    @Test
    void keepsAMessageItsFactsAndItsExceptionsMessagesOnTheirLines() {
        // Given
        var failure = new IllegalStateException(ATTACK, new IllegalArgumentException(ATTACK));
        failure.addSuppressed(new IllegalArgumentException());
        var event = new LoggingEvent("", context.getLogger("Node"), Level.WARN, ATTACK, failure, null);
        event.addKeyValuePair(new KeyValuePair("peer", ATTACK));

        // When
        var lines = NodeLogging.layout(context).doLayout(event).lines().toList();

        // Then
        assertThat(lines.getFirst()).endsWith(" WARN  Node " + SHOWN + " peer=\"" + SHOWN + "\"");
        assertThat(lines.stream().skip(1).filter(line -> !line.startsWith("\t")))
                .containsExactly(
                        "java.lang.IllegalStateException: " + SHOWN,
                        "Caused by: java.lang.IllegalArgumentException: " + SHOWN);
        assertThat(lines).contains("\tSuppressed: java.lang.IllegalArgumentException: null");
    }
}
