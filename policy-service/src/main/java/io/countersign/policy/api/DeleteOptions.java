package io.countersign.policy.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// The body of a DELETE, as far as it means anything here: nothing waits for anything, so how to propagate is moot.
record DeleteOptions(Optional<String> uid, Optional<String> resourceVersion, boolean dryRun) {
    static final DeleteOptions NONE = new DeleteOptions(Optional.empty(), Optional.empty(), false);

    static DeleteOptions of(JsonNode body) {
        var preconditions = body.path("preconditions");
        return new DeleteOptions(
                text(preconditions.path("uid")),
                text(preconditions.path("resourceVersion")),
                !body.path("dryRun").isEmpty());
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText("")).filter(text -> !text.isEmpty());
    }
}
