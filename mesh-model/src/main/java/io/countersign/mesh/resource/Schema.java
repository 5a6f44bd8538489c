package io.countersign.mesh.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The shape of a resource's fields over plain maps, lists, strings, numbers and booleans, as a JSON or YAML parser
/// gives them. One description serves validation and the OpenAPI documents that kubectl reads.
public sealed interface Schema {
    record Text() implements Schema {}

    record Choice(List<String> values) implements Schema {}

    record Whole(long min, long max) implements Schema {}

    record Flag() implements Schema {}

    /// A port by number or by name.
    record IntOrText() implements Schema {}

    record ListOf(Schema element) implements Schema {}

    record MapOf(Schema value) implements Schema {}

    record Fields(SortedMap<String, Schema> fields, Set<String> required) implements Schema {}

    /// Accepted as it is, and not looked at.
    record Anything() implements Schema {}

    int PORT_NAME_MAX = 15;
    Schema TEXT = new Text();
    Schema TEXTS = new ListOf(TEXT);
    Schema LABELS = new MapOf(TEXT);
    Schema FLAG = new Flag();
    Schema PORT = new Whole(1, 65_535);
    Schema ANYTHING = new Anything();

    /// Alternating field names and schemas; a name that ends in `!` is required.
    static Fields fields(Object... namesAndSchemas) {
        var fields = new TreeMap<String, Schema>();
        var required = new java.util.TreeSet<String>();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            var name = (String) namesAndSchemas[i];
            if (name.endsWith("!")) {
                name = name.substring(0, name.length() - 1);
                required.add(name);
            }
            fields.put(name, (Schema) namesAndSchemas[i + 1]);
        }
        return new Fields(fields, required);
    }

    /// Everything wrong with the value at the path, in the order of its fields. Null counts as absent, as in the
    /// Kubernetes API.
    static List<FieldProblem> problems(Schema schema, String path, @Nullable Object value) {
        var found = new ArrayList<FieldProblem>();
        check(schema, path, value, found);
        return List.copyOf(found);
    }

    private static void check(Schema schema, String path, @Nullable Object value, List<FieldProblem> found) {
        if (value == null) {
            return;
        }
        switch (schema) {
            case Anything _ -> {}
            case Text _ -> expect(value instanceof String, path, value, "a string", found);
            case Flag _ -> expect(value instanceof Boolean, path, value, "true or false", found);
            case IntOrText _ ->
                expect(
                        isPort(value),
                        path,
                        value,
                        "a port from 1 to 65535, or the name of one: at most 15 of a-z, 0-9 and -, with a letter",
                        found);
            case Whole(long min, long max) ->
                expect(
                        isWhole(value) && within(((Number) value).longValue(), min, max),
                        path,
                        value,
                        "a whole number from " + min + " to " + max,
                        found);
            case Choice(List<String> values) ->
                expect(
                        value instanceof String text && values.contains(text),
                        path,
                        value,
                        "one of " + String.join(", ", values),
                        found);
            case ListOf(Schema element) -> checkList(element, path, value, found);
            case MapOf(Schema element) -> checkMap(element, path, value, found);
            case Fields fields -> checkFields(fields, path, value, found);
        }
    }

    /// 0 says nothing, as Kubernetes has it. A name is as services are named (RFC 6335, section 5.1).
    private static boolean isPort(Object value) {
        return value instanceof String name
                ? name.length() <= PORT_NAME_MAX
                        && name.matches("[a-z0-9]+(-[a-z0-9]+)*")
                        && name.chars().anyMatch(c -> c >= 'a' && c <= 'z')
                : isWhole(value) && within(((Number) value).longValue(), 0, 65_535);
    }

    private static void checkList(Schema element, String path, Object value, List<FieldProblem> found) {
        if (!(value instanceof List<?> list)) {
            found.add(FieldProblem.invalid(path, kindOf(value), "a list"));
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            check(element, path + "[" + i + "]", list.get(i), found);
        }
    }

    private static void checkMap(Schema element, String path, Object value, List<FieldProblem> found) {
        if (!(value instanceof Map<?, ?> map)) {
            found.add(FieldProblem.invalid(path, kindOf(value), "a map"));
            return;
        }
        map.forEach((key, entry) -> check(element, path + "[" + key + "]", entry, found));
    }

    private static void checkFields(Fields schema, String path, Object value, List<FieldProblem> found) {
        if (!(value instanceof Map<?, ?> map)) {
            found.add(FieldProblem.invalid(path, kindOf(value), "an object"));
            return;
        }
        for (var name : schema.required()) {
            if (map.get(name) == null) {
                found.add(FieldProblem.required(path + "." + name));
            }
        }
        map.forEach((name, field) -> {
            var known = schema.fields().get(String.valueOf(name));
            if (known == null) {
                found.add(FieldProblem.unknown(path + "." + name));
            } else {
                check(known, path + "." + name, field, found);
            }
        });
    }

    private static void expect(boolean holds, String path, Object value, String expected, List<FieldProblem> found) {
        if (!holds) {
            var shown = value instanceof Map || value instanceof List ? kindOf(value) : value;
            found.add(FieldProblem.invalid(path, shown, expected));
        }
    }

    private static boolean isWhole(Object value) {
        return value instanceof Integer || value instanceof Long;
    }

    private static boolean within(long value, long min, long max) {
        return value >= min && value <= max;
    }

    private static String kindOf(Object value) {
        return switch (value) {
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "a list";
            default -> String.valueOf(value);
        };
    }
}
