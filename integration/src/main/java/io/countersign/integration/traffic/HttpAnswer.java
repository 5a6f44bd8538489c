package io.countersign.integration.traffic;

import java.util.Map;

/// A whole answer.
///
/// @param headers by lower-case name
public record HttpAnswer(int status, Map<String, String> headers, String body) {
    public HttpAnswer {
        headers = Map.copyOf(headers);
    }

    /// Whether the peer said that it ends the connection after this answer.
    public boolean isLast() {
        return headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    }
}
