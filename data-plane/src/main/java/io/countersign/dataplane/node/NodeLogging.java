package io.countersign.dataplane.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/// How nodes log where neither a `logback.xml` on the class path nor `-Dlogback.configurationFile` says otherwise: one
/// line an event to standard output, whatever strangers' text is in it. In code, because to read XML takes over four
/// hundred classes, which a node would
/// carry all its life.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class NodeLogging extends ContextAwareBase implements Configurator {
    private static final String PATTERN =
            "%oneLine(%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg %kvp){}%n%oneLineEx";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var file = new DefaultJoranConfigurator();
        file.setContext(context);
        if (file.configure(context) == ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY) {
            return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
        }
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(layout(context));
        encoder.start();
        var out = new ConsoleAppender<ILoggingEvent>();
        out.setContext(context);
        out.setName("out");
        out.setEncoder(encoder);
        out.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(out);
        context.getLogger("io.countersign").setLevel(Level.INFO);
        context.getLogger("access").setLevel(Level.INFO);
        // Its clients log every attempt to reach a broker that is away; the follower and the reporter say it once.
        context.getLogger("org.apache.kafka").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static PatternLayout layout(LoggerContext context) {
        var layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("oneLine", OneLineConverter::new);
        layout.getInstanceConverterMap().put("oneLineEx", OneLineFailureConverter::new);
        layout.setPattern(PATTERN);
        layout.start();
        return layout;
    }
}
