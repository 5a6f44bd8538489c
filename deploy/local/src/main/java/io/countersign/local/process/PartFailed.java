package io.countersign.local.process;

/// A part of the mesh could not be started; the message says which and shows the end of its log.
public final class PartFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PartFailed(String message) {
        super(message);
    }
}
