package io.countersign.controlplane;

import java.io.Serial;
import java.util.List;

/// A request is not granted. The problems are told to the caller, all at once, and hold no secret.
public final class RequestRefused extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient ProblemType code;

    @SuppressWarnings("serial") // Lists made by List.copyOf are serializable.
    private final List<String> problems;

    public RequestRefused(ProblemType code, List<String> problems) {
        super(code.type() + ": " + String.join("; ", problems));
        this.code = code;
        this.problems = List.copyOf(problems);
    }

    public RequestRefused(ProblemType code, String problem) {
        this(code, List.of(problem));
    }

    public ProblemType code() {
        return code;
    }

    public List<String> problems() {
        return problems;
    }
}
