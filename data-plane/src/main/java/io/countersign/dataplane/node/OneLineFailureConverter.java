package io.countersign.dataplane.node;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import io.countersign.mesh.OneLine;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An exception with its stack, and with messages that are one line each.
final class OneLineFailureConverter extends ThrowableProxyConverter {
    @Override
    protected String throwableProxyToString(IThrowableProxy failure) {
        return super.throwableProxyToString(new OneLineFailure(failure));
    }

    private record OneLineFailure(IThrowableProxy failure) implements IThrowableProxy {
        @Override
        public @Nullable String getMessage() {
            var message = failure.getMessage();
            return message == null ? null : OneLine.of(message);
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            var cause = failure.getCause();
            return cause == null ? null : new OneLineFailure(cause);
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            return Arrays.stream(failure.getSuppressed())
                    .map(OneLineFailure::new)
                    .toArray(IThrowableProxy[]::new);
        }

        @Override
        public String getClassName() {
            return failure.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return failure.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return failure.getCommonFrames();
        }

        @Override
        public boolean isCyclic() {
            return failure.isCyclic();
        }
    }
}
