package io.countersign.integration.bench.proxy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures proxies in turn, several times, so that what else the machine does falls on all of them; the median counts.
final class Rounds {
    @FunctionalInterface
    interface Measure {
        /// One round's value of one pair of proxies.
        double of(Pair pair) throws IOException, InterruptedException;
    }

    private Rounds() {}

    /// The median of each, by name.
    static Map<String, Double> medians(String what, int rounds, List<Pair> pairs, Measure measure)
            throws IOException, InterruptedException {
        var values = new LinkedHashMap<String, List<Double>>();
        for (int round = 0; round < rounds; round++) {
            for (var pair : pairs) {
                var value = measure.of(pair);
                values.computeIfAbsent(pair.name(), _ -> new ArrayList<>()).add(value);
                System.err.printf(Locale.ROOT, "  %s, %s: %.1f%n", what, pair.name(), value);
            }
        }
        var medians = new LinkedHashMap<String, Double>();
        values.forEach((name, each) -> medians.put(name, median(each)));
        return medians;
    }

    static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
