package io.countersign.policy.failure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.FieldProblem;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A request that is answered with a `Status`. Messages are those of the Kubernetes API, since kubectl prints them
/// and people search for them.
public final class RefusedRequest extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final StatusReason reason;
    private final transient @Nullable ObjectNode details;

    /// @param details what it is about; null for requests that are about no object
    private RefusedRequest(StatusReason reason, String message, @Nullable ObjectNode details) {
        super(message, null, false, false);
        this.reason = reason;
        this.details = details;
    }

    public static RefusedRequest of(StatusReason reason, String message) {
        return new RefusedRequest(reason, message, null);
    }

    public static RefusedRequest notFound(ResourceType type, String name) {
        return about(StatusReason.NOT_FOUND, type, name, named(type, name) + " not found");
    }

    public static RefusedRequest alreadyExists(ResourceKey key) {
        var message = named(key.type(), key.name()) + " already exists";
        return about(StatusReason.ALREADY_EXISTS, key.type(), key.name(), message);
    }

    public static RefusedRequest conflict(ResourceKey key, String why) {
        var message = "Operation cannot be fulfilled on " + named(key.type(), key.name()) + ": " + why;
        return about(StatusReason.CONFLICT, key.type(), key.name(), message);
    }

    public static RefusedRequest forbidden(ResourceType type, String name, String why) {
        return about(StatusReason.FORBIDDEN, type, name, named(type, name) + " is forbidden: " + why);
    }

    public static RefusedRequest invalid(ResourceType type, String name, List<FieldProblem> problems) {
        var what = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        var lines = problems.stream()
                .map(problem -> problem.path() + ": " + problem.message())
                .collect(Collectors.joining(", "));
        var message = what + " \"" + name + "\" is invalid: " + (problems.size() == 1 ? lines : "[" + lines + "]");
        var details = StatusObject.details(type, name).put("kind", type.kind());
        var causes = details.putArray("causes");
        problems.forEach(problem -> causes.addObject()
                .put("reason", problem.reason().cause())
                .put("message", problem.message())
                .put("field", problem.path()));
        return new RefusedRequest(StatusReason.INVALID, message, details);
    }

    public StatusReason reason() {
        return reason;
    }

    /// The `Status` as JSON.
    public ObjectNode json() {
        return StatusObject.failure(reason, String.valueOf(getMessage()), details);
    }

    private static RefusedRequest about(StatusReason reason, ResourceType type, String name, String message) {
        return new RefusedRequest(reason, message, StatusObject.details(type, name));
    }

    /// `plural.group "name"`; without a name the type alone.
    private static String named(ResourceType type, String name) {
        var qualified = type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
        return name.isEmpty() ? qualified : qualified + " \"" + name + "\"";
    }
}
