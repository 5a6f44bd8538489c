package io.countersign.policy.failure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Json;
import org.jspecify.annotations.Nullable;

/// A `Status`, as the Kubernetes API answers where it answers no object.
public final class StatusObject {
    private StatusObject() {}

    /// @param details what it is about; null for requests that are about no object
    static ObjectNode failure(StatusReason reason, String message, @Nullable ObjectNode details) {
        var status = status("Failure").put("message", message).put("reason", reason.word());
        if (details != null) {
            status.set("details", details);
        }
        return status.put("code", reason.code());
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
