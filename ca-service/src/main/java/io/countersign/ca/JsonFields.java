package io.countersign.ca;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.controlplane.RequestRefused;
import io.countersign.mesh.InvalidInput;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A request's JSON object, read field by field; what is wrong is gathered and told at once.
public final class JsonFields {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode node;
    private final List<String> problems = new ArrayList<>();

    private JsonFields(JsonNode node) {
        this.node = node;
    }

    /// Parses a body; [RequestRefused] when it is not a JSON object. Fields beside the known ones are problems.
    public static JsonFields parse(String body, Set<String> known) {
        try {
            var node = JSON.readTree(body);
            if (node == null || !node.isObject()) {
                throw new RequestRefused(ErrorCode.INVALID_REQUEST, "body: not a JSON object");
            }
            var fields = new JsonFields(node);
            node.fieldNames().forEachRemaining(name -> {
                if (!known.contains(name)) {
                    fields.problems.add(name + ": unknown field");
                }
            });
            return fields;
        } catch (JsonProcessingException e) {
            throw new RequestRefused(ErrorCode.INVALID_REQUEST, "body: not JSON");
        }
    }

    /// A field that must be there, parsed; empty and a problem where it is not or the parser throws [InvalidInput].
    public <T> Optional<T> required(String name, Function<String, T> parser) {
        if (!node.hasNonNull(name)) {
            problems.add(name + ": missing");
            return Optional.empty();
        }
        return optional(name, parser);
    }

    /// A field that may be there.
    public <T> Optional<T> optional(String name, Function<String, T> parser) {
        var value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            problems.add(name + ": not a string");
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(value.textValue()));
        } catch (InvalidInput e) {
            problems.add(name + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    public Optional<Duration> duration(String name) {
        return optional(name, text -> {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw new InvalidInput("not an ISO 8601 duration, such as PT10M");
            }
        });
    }

    /// A list of strings that may be there.
    public List<String> texts(String name) {
        var value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        value.forEach(element -> texts.add(element.asText()));
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isTextual)) {
            problems.add(name + ": not a list of strings");
            return List.of();
        }
        return List.copyOf(texts);
    }

    public void problem(String problem) {
        problems.add(problem);
    }

    /// [RequestRefused] with all problems, if there are any.
    public void requireSound() {
        if (!problems.isEmpty()) {
            throw new RequestRefused(ErrorCode.INVALID_REQUEST, problems);
        }
    }
}
