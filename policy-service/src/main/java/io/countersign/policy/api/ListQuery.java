package io.countersign.policy.api;

import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The query parameters of a list or a watch; `limit` and `continue` are accepted, and everything comes in one page.
///
/// @param fromSequence the `resourceVersion` that a watch goes on from; empty to begin with what is there
record ListQuery(
        boolean watch,
        Predicate<Map<String, String>> labels,
        FieldSelector fields,
        Optional<Long> fromSequence,
        Optional<Duration> timeout) {

    static ListQuery parse(MultivaluedMap<String, String> query) {
        return new ListQuery(
                text(query, "watch").filter(ListQuery::isTrue).isPresent(),
                LabelSelector.parse(text(query, "labelSelector").orElse("")),
                FieldSelector.parse(text(query, "fieldSelector").orElse("")),
                number(query, "resourceVersion").filter(sequence -> sequence > 0),
                number(query, "timeoutSeconds").filter(seconds -> seconds > 0).map(Duration::ofSeconds));
    }

    static Optional<String> text(MultivaluedMap<String, String> query, String name) {
        return Optional.ofNullable(query.getFirst(name)).filter(text -> !text.isEmpty());
    }

    private static boolean isTrue(String text) {
        return text.equals("true") || text.equals("1");
    }

    private static Optional<Long> number(MultivaluedMap<String, String> query, String name) {
        return text(query, name).map(text -> {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw RefusedRequest.of(StatusReason.BAD_REQUEST, name + ": " + text + " (expected: a whole number)");
            }
        });
    }
}
