package io.countersign.policy.failure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.FieldProblem;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/// A request that is answered with a `Status`. Messages are those of the Kubernetes API, since kubectl prints them
/// and people search for them.
public final class RefusedRequest extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient StatusObject status;

    private RefusedRequest(StatusObject status) {
        super(status.message(), null, false, false);
        this.status = status;
    }

    public static RefusedRequest of(StatusReason reason, String message) {
        return new RefusedRequest(new StatusObject(reason, message, null));
    }

    public static RefusedRequest notFound(ResourceType type, String name) {
        return about(StatusReason.NOT_FOUND, type, name, qualified(type) + " \"" + name + "\" not found");
    }

    public static RefusedRequest alreadyExists(ResourceKey key) {
        return about(
                StatusReason.ALREADY_EXISTS,
                key.type(),
                key.name(),
                qualified(key.type()) + " \"" + key.name() + "\" already exists");
    }

    public static RefusedRequest conflict(ResourceKey key, String why) {
        return about(
                StatusReason.CONFLICT,
                key.type(),
                key.name(),
                "Operation cannot be fulfilled on " + qualified(key.type()) + " \"" + key.name() + "\": " + why);
    }

    public static RefusedRequest forbidden(ResourceType type, String name, String why) {
        var what = qualified(type) + (name.isEmpty() ? "" : " \"" + name + "\"");
        return about(StatusReason.FORBIDDEN, type, name, what + " is forbidden: " + why);
    }

    public static RefusedRequest invalid(ResourceType type, String name, List<FieldProblem> problems) {
        var what = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        var lines = problems.stream()
                .map(problem -> problem.path() + ": " + problem.message())
                .collect(Collectors.joining(", "));
        var message = what + " \"" + name + "\" is invalid: " + (problems.size() == 1 ? lines : "[" + lines + "]");
        var details = details(type, name).put("kind", type.kind());
        var causes = details.putArray("causes");
        problems.forEach(problem -> causes.addObject()
                .put("reason", problem.reason().cause())
                .put("message", problem.message())
                .put("field", problem.path()));
        return new RefusedRequest(new StatusObject(StatusReason.INVALID, message, details));
    }

    public StatusObject status() {
        return status;
    }

    private static RefusedRequest about(StatusReason reason, ResourceType type, String name, String message) {
        return new RefusedRequest(new StatusObject(reason, message, details(type, name)));
    }

    private static ObjectNode details(ResourceType type, String name) {
        return StatusObject.details(type, name);
    }

    private static String qualified(ResourceType type) {
        return type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
    }
}
