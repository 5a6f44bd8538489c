package io.countersign.integration;

import io.countersign.integration.mesh.RunningMesh;
import java.util.ArrayList;
import java.util.List;

/// What `csign authn tls-check` prints, as cells: columns stand two blanks or more apart.
///
/// @param header the first line
/// @param rows the others
record TlsCheckTable(List<String> header, List<List<String>> rows) {
    static TlsCheckTable of(RunningMesh mesh, String... arguments) {
        var command = new ArrayList<>(List.of("authn", "tls-check"));
        command.addAll(List.of(arguments));
        var lines = mesh.csign(command.toArray(String[]::new))
                .orFail()
                .lines()
                .map(line -> List.of(line.split(" {2,}", -1)))
                .toList();
        return new TlsCheckTable(lines.getFirst(), lines.subList(1, lines.size()));
    }
}
