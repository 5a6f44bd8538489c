package io.countersign.controlplane;

import io.countersign.mesh.OneLine;
import java.io.Serial;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Another exception as the log shows it: the same stack, with messages that are one line each.
final class OneLineFailure extends Throwable {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String shown;

    /// @param seen those that are shown already: causes may go in a circle
    private OneLineFailure(Throwable failure, Set<Throwable> seen) {
        super(null, cause(failure, seen));
        shown = OneLine.of(failure.toString());
        setStackTrace(failure.getStackTrace());
        for (var suppressed : failure.getSuppressed()) {
            if (seen.add(suppressed)) {
                addSuppressed(new OneLineFailure(suppressed, seen));
            }
        }
    }

    static OneLineFailure of(Throwable failure) {
        var seen = Collections.<Throwable>newSetFromMap(new IdentityHashMap<>());
        seen.add(failure);
        return failure instanceof OneLineFailure already ? already : new OneLineFailure(failure, seen);
    }

    private static @Nullable Throwable cause(Throwable failure, Set<Throwable> seen) {
        var cause = failure.getCause();
        return cause != null && seen.add(cause) ? new OneLineFailure(cause, seen) : null;
    }

    /// Begins with the other's class, where a message would stand behind this one's.
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return shown;
    }
}
