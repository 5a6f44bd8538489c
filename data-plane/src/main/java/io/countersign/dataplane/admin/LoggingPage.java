package io.countersign.dataplane.admin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/// Shows and sets the levels of loggers: `?level=LEVEL` of all that were given one, `?NAME=LEVEL` of one.
final class LoggingPage {
    private static final String ALL = "level";

    /// So many loggers are given a level by name; each stays for the process's life.
    private static final int LOGGERS_MAX = 1_000;

    private LoggingPage() {}

    static Page show(Asked asked) {
        return Page.text(HttpResponseStatus.OK, levels());
    }

    static Page set(Asked asked) {
        for (var wish : asked.query().entrySet()) {
            var level = Level.toLevel(wish.getValue().getFirst().toUpperCase(Locale.ROOT), null);
            if (level == null) {
                return Page.text(
                        HttpResponseStatus.BAD_REQUEST,
                        "%s: %s (expected: trace, debug, info, warn, error or off)%n"
                                .formatted(wish.getKey(), wish.getValue().getFirst()));
            }
            set(wish, level);
        }
        return Page.text(HttpResponseStatus.OK, levels());
    }

    private static void set(Map.Entry<String, List<String>> wish, Level level) {
        if (wish.getKey().equals(ALL)) {
            withLevel().forEach(logger -> logger.setLevel(level));
        } else if (withLevel().size() < LOGGERS_MAX) {
            context().getLogger(wish.getKey()).setLevel(level);
        }
    }

    private static String levels() {
        return withLevel().stream()
                .map(logger -> logger.getName() + ": " + logger.getLevel() + "\n")
                .collect(Collectors.joining());
    }

    private static List<Logger> withLevel() {
        return context().getLoggerList().stream()
                .filter(logger -> logger.getLevel() != null)
                .toList();
    }

    private static LoggerContext context() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return context;
        }
        throw new IllegalStateException("every node logs by logback");
    }
}
