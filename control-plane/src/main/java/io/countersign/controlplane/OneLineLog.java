package io.countersign.controlplane;

import io.countersign.mesh.OneLine;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.formatters.PatternFormatter;

/// Sees to it that nobody begins a line of the log but us: what a message, its facts or the messages of its exception
/// hold of strangers' text is escaped. `META-INF/microprofile-config.properties` names it for the handlers.
@LoggingFilter(name = "one-line")
public final class OneLineLog implements Filter {
    private static final Formatter MESSAGE = new PatternFormatter("%s");

    /// Takes every record, and changes it.
    @Override
    public boolean isLoggable(LogRecord logged) {
        var thrown = logged.getThrown();
        if (thrown != null) {
            logged.setThrown(OneLineFailure.of(thrown));
        }
        if (logged instanceof ExtLogRecord line) {
            line.setMessage(OneLine.of(MESSAGE.format(line)), FormatStyle.NO_FORMAT);
        }
        return true;
    }
}
