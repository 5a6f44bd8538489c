package io.countersign.controlplane;

import java.util.Locale;

/// Why requests are refused; each service has an enum of its reasons.
public interface ProblemType {
    String name();

    /// The status of HTTP.
    int status();

    /// The same sentence each time.
    String title();

    /// The problem's `type`, the metric's label, the key in logs.
    default String type() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
