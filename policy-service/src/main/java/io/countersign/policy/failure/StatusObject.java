package io.countersign.policy.failure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Json;
import org.jspecify.annotations.Nullable;

/// The `Status` of a refused request.
///
/// @param details what it is about; null for requests that are about no object
public record StatusObject(
        StatusReason reason, String message, @Nullable ObjectNode details) {
    /// The `Status` as JSON.
    public ObjectNode json() {
        var status = status("Failure").put("message", message).put("reason", reason.word());
        if (details != null) {
            status.set("details", details);
        }
        return status.put("code", reason.code());
    }

    /// A refusal that is about no object.
    public static ObjectNode refused(StatusReason reason, String message) {
        return new StatusObject(reason, message, null).json();
    }

    /// What a deletion answers.
    public static ObjectNode success(ResourceType type, String name, String uid) {
        var status = status("Success");
        status.set("details", details(type, name).put("uid", uid));
        return status;
    }

    static ObjectNode details(ResourceType type, String name) {
        var details = Json.object();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        return details.put("kind", type.plural());
    }

    private static ObjectNode status(String outcome) {
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", outcome);
    }
}
