package io.countersign.policy.api;

import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import java.util.Optional;

/// The field selectors that every type has: `metadata.name` and `metadata.namespace`, joined by commas.
///
/// @param name the one name that is selected, if one is
/// @param namespace the one namespace that is selected, if one is
record FieldSelector(Optional<String> name, Optional<String> namespace) {
    static FieldSelector parse(String selector) {
        Optional<String> name = Optional.empty();
        Optional<String> namespace = Optional.empty();
        for (var part : selector.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            var sides = part.strip().split("==?", 2);
            if (sides.length != 2 || sides[0].endsWith("!")) {
                throw unsupported(part);
            }
            switch (sides[0]) {
                case "metadata.name" -> name = Optional.of(sides[1]);
                case "metadata.namespace" -> namespace = Optional.of(sides[1]);
                default -> throw unsupported(part);
            }
        }
        return new FieldSelector(name, namespace);
    }

    private static RefusedRequest unsupported(String part) {
        return RefusedRequest.of(
                StatusReason.BAD_REQUEST,
                "field selector: " + part + " (expected: metadata.name=NAME or metadata.namespace=NAMESPACE)");
    }
}
