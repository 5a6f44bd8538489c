package io.countersign.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/// One run of csign, as a person sees it.
record Run(int code, String out, String err) {
    static Run of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var code = Csign.run(new PrintWriter(out), new PrintWriter(err), false, arguments);
        return new Run(code, out.toString(), err.toString());
    }

    /// The cells of every line, split at two or more blanks.
    List<List<String>> cells() {
        return out.lines().map(line -> List.of(line.split(" {2,}"))).toList();
    }
}
