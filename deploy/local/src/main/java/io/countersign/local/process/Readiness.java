package io.countersign.local.process;

import java.net.URI;
import java.nio.file.Path;

/// How one sees that a process does its work.
public sealed interface Readiness {

    /// It answers 200.
    record Answers(URI uri) implements Readiness {}

    /// It accepts connections.
    record Listens(Endpoint endpoint) implements Readiness {}

    /// It made the file.
    record Announced(Path file) implements Readiness {}

    /// It runs.
    record Runs() implements Readiness {}
}
