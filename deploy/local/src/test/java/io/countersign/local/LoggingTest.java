package io.countersign.local;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LoggingTest {
    private static final String ATTACK = "x\n10:00:00 INFO forged\r\u0085\u2028\u001b[2J";
    private static final String SHOWN = "x?10:00:00 INFO forged????[2J";

    @Test
    void nothingInALineBeginsAnother() throws Exception {
        // Given
        var context = new LoggerContext();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LoggingTest.class.getResource("/logback.xml"));
        var root = context.getLogger("ROOT");
        var appender = (OutputStreamAppender<ILoggingEvent>) root.getAppender("console");
        var failure = new IllegalStateException(ATTACK, new IllegalArgumentException(ATTACK));
        var event = new LoggingEvent("", root, Level.WARN, ATTACK, failure, null);
        event.addKeyValuePair(new KeyValuePair("client", ATTACK));

        // When
        var lines = new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("\t"))
                .toList();

        // Then
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).endsWith(" WARN  ROOT " + SHOWN + " client=\"" + SHOWN + "\"");
        assertThat(lines.subList(1, 3))
                .containsExactly(
                        "java.lang.IllegalStateException: " + SHOWN,
                        "Caused by: java.lang.IllegalArgumentException: " + SHOWN);
    }
}
