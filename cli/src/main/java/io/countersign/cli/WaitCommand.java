package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.resource.ResourceType;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = "Waits until what was written last is in force on every node, and says who is behind.",
        footer = {
            "",
            "Examples:",
            "  csign wait policy/httpbin -n full",
            "  csign wait meshpolicy/default --timeout 10s",
            "  csign wait dr/bad-rule"
        })
final class WaitCommand implements Callable<Integer> {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final String CONDITION = "Distributed";

    @Mixin
    private Connection connection = new Connection();

    @Parameters(index = "0", paramLabel = "TYPE/NAME", description = "As kubectl names it.")
    @SuppressWarnings("NullAway.Init")
    private String resource;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Time.class,
            description = "How long to wait, as 60s or 2m (default: 60s).")
    private Duration timeout = Duration.ofMinutes(1);

    /// As kubectl writes durations.
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("time: " + text + " (expected: as 60s or 2m)");
            }
        }
    }

    /// How far the resource's present generation is.
    private record Progress(boolean done, String message) {}

    @Override
    public Integer call() throws InterruptedException {
        var path = path();
        var api = connection.api();
        var start = System.nanoTime();
        var told = "";
        while (true) {
            var progress = progress(api.get(path));
            if (progress.done()) {
                connection.print(resource + " condition met: " + progress.message());
                return 0;
            }
            if (!progress.message().equals(told)) {
                told = progress.message();
                connection.print(told);
            }
            if (System.nanoTime() - start > timeout.toNanos()) {
                throw new Failure("timed out waiting for " + resource + ": " + told);
            }
            Thread.sleep(POLL_INTERVAL);
        }
    }

    private static Progress progress(JsonNode object) {
        var generation = object.path("metadata").path("generation").asLong();
        for (var condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(CONDITION)
                    && condition.path("observedGeneration").asLong() == generation) {
                return new Progress(
                        condition.path("status").asText().equals("True"),
                        condition.path("message").asText());
            }
        }
        return new Progress(false, "generation " + generation + " is not distributed yet");
    }

    private String path() {
        var parts = resource.split("/", -1);
        if (parts.length != 2 || parts[1].isEmpty()) {
            throw new Failure("resource: " + resource + " (expected: TYPE/NAME)");
        }
        var type = type(parts[0].toLowerCase(Locale.ROOT));
        var group = type.group().isEmpty() ? "/api" : "/apis/" + type.group();
        return group + "/" + type.versions().getFirst()
                + (type.namespaced() ? "/namespaces/" + connection.namespace() : "")
                + "/" + type.plural() + "/" + parts[1];
    }

    /// By plural, singular or short name, with the group after it or not.
    private static ResourceType type(String word) {
        return Arrays.stream(ResourceType.values())
                .filter(type -> type.shortNames().contains(word)
                        || type.singular().equals(word)
                        || type.plural().equals(word)
                        || word.equals(type.plural() + "." + type.group()))
                .findFirst()
                .orElseThrow(() -> new Failure("type: " + word + " (expected: one of "
                        + String.join(
                                ", ",
                                Arrays.stream(ResourceType.values())
                                        .map(ResourceType::singular)
                                        .toList())
                        + ")"));
    }
}
