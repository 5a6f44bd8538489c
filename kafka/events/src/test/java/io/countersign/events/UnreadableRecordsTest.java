package io.countersign.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is on a topic and cannot be read ends in [UnreadableRecord] and in nothing else, whatever it is.
class UnreadableRecordsTest {
    private static final int MUTATIONS = 500;
    private static final String NESTED = "[".repeat(5_000);

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("hostileValues")
    void refusesHostileValue(Golden golden, String what, byte[] value) {
        assertThatThrownBy(() -> golden.decode(value)).as(what).isInstanceOf(UnreadableRecord.class);
    }

    @ParameterizedTest
    @EnumSource
    void everyMutationIsReadOrRefused(Golden golden) {
        // Given
        var random = new Random(golden.type.hashCode());
        var mutations = Stream.generate(() -> mutation(golden, random)).limit(MUTATIONS);

        // When
        var failures = mutations.filter(value -> !isReadOrRefused(golden, value));

        // Then
        assertThat(failures.map(value -> new String(value, StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void refusesACountThatNoNodesHave() {
        // Given
        var value = JsonRecord.bytes(Golden.DISTRIBUTION.tree().put("nodes", 3_000_000_000L));

        // When
        var reading = catchThrowable(() -> Golden.DISTRIBUTION.decode(value));

        // Then
        assertThat(reading).isInstanceOf(UnreadableRecord.class).hasMessageContaining("Distribution.nodes");
    }

    private static byte[] mutation(Golden golden, Random random) {
        var value = golden.bytes();
        value[random.nextInt(value.length)] = (byte) random.nextInt(256);
        return value;
    }

    private static boolean isReadOrRefused(Golden golden, byte[] value) {
        try {
            return golden.decode(value) != null;
        } catch (UnreadableRecord e) {
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    static Stream<Arguments> hostileValues() {
        return Arrays.stream(Golden.values())
                .flatMap(golden -> Stream.of(texts(golden), changes(golden), fields(golden))
                        .flatMap(cases -> cases));
    }

    private static Stream<Arguments> texts(Golden golden) {
        var text = new String(golden.bytes(), StandardCharsets.UTF_8);
        return Stream.of(
                        "",
                        " ",
                        "null",
                        "true",
                        "[]",
                        "{}",
                        "\"" + golden.type + "\"",
                        "not json",
                        "\u0000",
                        NESTED,
                        text.substring(0, text.length() - 1),
                        text + text,
                        text + "}",
                        text.replaceFirst("\\{", "{\"v\":1,"))
                .map(value -> Arguments.of(golden, shown(value), value.getBytes(StandardCharsets.UTF_8)));
    }

    private static Stream<Arguments> changes(Golden golden) {
        return Stream.of(
                changed(golden, "an other type", tree -> tree.put("type", "Other")),
                changed(golden, "type in lower case", tree -> tree.put("type", "lower")),
                changed(golden, "version 0", tree -> tree.put("v", 0)),
                changed(golden, "version 2", tree -> tree.put("v", 2)),
                changed(golden, "version as text", tree -> tree.put("v", "1")),
                changed(golden, "version as fraction", tree -> tree.put("v", 1.5)));
    }

    /// Every field once missing, once null, once of another type.
    private static Stream<Arguments> fields(Golden golden) {
        return golden.tree().properties().stream().flatMap(field -> {
            var name = field.getKey();
            var missing = golden.requires(name)
                    ? Stream.of(changed(golden, "no " + name, tree -> tree.remove(name)))
                    : Stream.<Arguments>empty();
            var wrong = Stream.of(
                    changed(golden, "null as " + name, tree -> tree.putNull(name)),
                    changed(golden, "another type of " + name, tree -> mistype(tree, name, field.getValue())),
                    changed(golden, "odd content of " + name, tree -> spoil(tree, name, field.getValue())));
            return Stream.concat(missing, wrong);
        });
    }

    private static void mistype(ObjectNode tree, String name, JsonNode value) {
        if (value.isTextual()) {
            tree.put(name, 7);
        } else {
            tree.put(name, "text");
        }
    }

    /// A number no counter has, a list of lists, a map of maps: right outside and wrong inside.
    private static void spoil(ObjectNode tree, String name, JsonNode value) {
        switch (value.getNodeType()) {
            case NUMBER -> tree.put(name, 1e300);
            case ARRAY -> tree.putArray(name).addArray();
            case OBJECT -> tree.putObject(name).putObject("a/b/c/d").putArray("e");
            default -> tree.putArray(name);
        }
    }

    private static Arguments changed(Golden golden, String what, Consumer<ObjectNode> change) {
        var tree = golden.tree();
        change.accept(tree);
        return Arguments.of(golden, what, JsonRecord.bytes(tree));
    }

    private static String shown(String text) {
        return List.of(text).toString().substring(0, Math.min(40, text.length() + 2));
    }
}
