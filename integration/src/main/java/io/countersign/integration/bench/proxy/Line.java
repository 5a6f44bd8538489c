package io.countersign.integration.bench.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A line of the table.
///
/// @param values by proxy; none where it is not measured
/// @param goal the most that the value, or its ratio where there are peers, is to be
record Line(String what, String unit, Map<String, Double> values, String goal) {
    static final String NODE = "proxy-node";
    static final String NGINX = "nginx";
    static final String HAPROXY = "HAProxy";

    private static final List<String> COLUMNS = List.of(NODE, NGINX, HAPROXY);
    private static final String NONE = "";

    static Line of(String what, String unit, double node, String goal) {
        return new Line(what, unit, Map.of(NODE, node), goal);
    }

    static String header() {
        return "| %-62s | unit | %s | ratio to the better | goal |%n|---|---|---|---|---|---|---|"
                .formatted(NONE, String.join(" | ", COLUMNS));
    }

    /// As a row of a table in Markdown.
    String row() {
        var cells = COLUMNS.stream()
                .map(column -> values.containsKey(column) ? number(values.get(column)) : NONE)
                .toList();
        return "| %-62s | %s | %s | %s | %s |".formatted(what, unit, String.join(" | ", cells), ratio(), goal);
    }

    private String ratio() {
        var better = values.entrySet().stream()
                .filter(each -> !each.getKey().equals(NODE))
                .mapToDouble(Map.Entry::getValue)
                .min();
        return better.isPresent() && values.containsKey(NODE)
                ? String.format(Locale.ROOT, "%.2f", values.get(NODE) / better.getAsDouble())
                : NONE;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.1f", value);
    }
}
