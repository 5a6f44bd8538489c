package io.countersign.dataplane.node;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;
import io.countersign.mesh.OneLine;

/// Keeps what the pattern in its brackets makes on one line, whatever text of strangers is in it.
final class OneLineConverter extends CompositeConverter<ILoggingEvent> {
    @Override
    protected String transform(ILoggingEvent event, String made) {
        return OneLine.of(made);
    }
}
