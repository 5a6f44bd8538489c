package io.countersign.cli;

import io.countersign.mesh.OneLine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Columns as Go's tabwriter sets them, with which istioctl prints: as wide as the widest cell and five blanks, the
/// last one as it is. No cell begins another line or commands the terminal.
final class TextTable {
    private static final int PADDING = 5;
    private static final Set<String> ALARMING = Set.of("CONFLICT", "ERROR", "REJECTED", "SILENT");
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... header) {
        add(header);
    }

    void add(String... cells) {
        add(List.of(cells));
    }

    void add(List<String> cells) {
        rows.add(cells.stream().map(OneLine::of).toList());
    }

    /// @param colours whether what alarms is red
    void print(PrintWriter out, boolean colours) {
        var last = rows.getFirst().size() - 1;
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column <= last; column++) {
                var cell = row.get(column);
                line.append(colours && ALARMING.contains(cell) ? RED + cell + PLAIN : cell);
                if (column < last) {
                    line.repeat(' ', width(column) - cell.length() + PADDING);
                }
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
