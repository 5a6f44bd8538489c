package io.countersign.dataplane.tls;

/// The innermost cause of a failure says what happened; TLS engines and channels only wrap it.
public final class RootCause {
    private RootCause() {}

    public static String message(Throwable thrown) {
        var cause = thrown;
        for (var next = cause.getCause(); next != null; next = next.getCause()) {
            cause = next;
        }
        var message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
