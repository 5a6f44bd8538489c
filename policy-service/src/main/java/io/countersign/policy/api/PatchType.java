package io.countersign.policy.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import io.countersign.policy.patch.MergePatch;
import io.countersign.policy.patch.StrategicMergePatch;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BinaryOperator;

/// The kinds of patch that are understood.
enum PatchType {
    MERGE("application/merge-patch+json", MergePatch::apply),
    STRATEGIC_MERGE("application/strategic-merge-patch+json", StrategicMergePatch::apply);

    private final String mediaType;
    private final BinaryOperator<JsonNode> operation;

    PatchType(String mediaType, BinaryOperator<JsonNode> operation) {
        this.mediaType = mediaType;
        this.operation = operation;
    }

    static PatchType of(String contentType) {
        var asked = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(type -> type.mediaType.equals(asked))
                .findFirst()
                .orElseThrow(() -> RefusedRequest.of(
                        StatusReason.UNSUPPORTED_MEDIA_TYPE,
                        "content type: " + asked + " (expected: " + MERGE.mediaType + " or " + STRATEGIC_MERGE.mediaType
                                + ")"));
    }

    /// The patched object; [RefusedRequest] for a patch that cannot be applied.
    JsonNode apply(JsonNode target, JsonNode patch) {
        try {
            return operation.apply(target, patch);
        } catch (IllegalArgumentException e) {
            throw RefusedRequest.of(StatusReason.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }
}
