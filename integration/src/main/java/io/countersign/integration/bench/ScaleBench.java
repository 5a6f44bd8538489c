package io.countersign.integration.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a change, a start and a change of the whole mesh's mode cost in a mesh of a thousand services, and in one of a
/// hundred: what grows with the mesh shows in the ratio. The broker and config-distributor are real; policy-service
/// and the nodes are simulated here, on the real topics.
final class ScaleBench {
    private ScaleBench() {}

    public static void main(String[] arguments) throws Exception {
        var sizes = sizes(arguments);
        var results = new ArrayList<Map<Row, Double>>();
        for (var size : sizes) {
            var directory = Files.createTempDirectory(
                    Files.createDirectories(Path.of("integration/target/bench").toAbsolutePath()), size.name());
            try (var run = new ScaleRun(size, directory)) {
                results.add(run.run());
            }
        }
        print(sizes, results);
        System.exit(0);
    }

    private static List<MeshSize> sizes(String[] arguments) throws IOException {
        return switch (String.join(" ", arguments)) {
            case "" -> List.of(MeshSize.SMALL, MeshSize.FULL);
            case "--size small" -> List.of(MeshSize.SMALL);
            case "--size full" -> List.of(MeshSize.FULL);
            default ->
                throw new IllegalArgumentException(
                        "arguments: " + Arrays.toString(arguments) + " (expected: nothing, or --size small|full)");
        };
    }

    private static void print(List<MeshSize> sizes, List<Map<Row, Double>> results) {
        System.out.printf("%nconfig-distributor: java %s%n%n", String.join(" ", MeasuredDistributor.JVM));
        System.out.printf("| %-52s | %-6s |", "", "unit");
        sizes.forEach(size -> System.out.printf(" %9s |", size.nodes() + " nodes"));
        System.out.println(sizes.size() > 1 ? " ratio | goal |" : " goal |");
        System.out.println("|---".repeat(3 + (sizes.size() > 1 ? 1 : 0) + sizes.size()) + "|");
        for (var row : Row.values()) {
            var values = results.stream()
                    .map(result -> result.getOrDefault(row, Double.NaN))
                    .toList();
            System.out.printf("| %-52s | %-6s |", row.text(), row.unit());
            values.forEach(value -> System.out.printf(Locale.ROOT, " %,10.1f |", value));
            if (values.size() > 1) {
                System.out.printf(Locale.ROOT, " %5.1f |", values.getLast() / values.getFirst());
            }
            System.out.printf(" %4s |%n", row.goal());
        }
    }
}
