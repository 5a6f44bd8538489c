package io.countersign.local;

/// Is told, line by line, how far a start or a stop has come. Called from several threads, one at a time.
public interface Progress {

    /// Takes one line.
    ///
    /// @param line a short sentence without a full stop
    void report(String line);

    /// Drops all lines.
    static Progress silent() {
        return line -> {};
    }
}
