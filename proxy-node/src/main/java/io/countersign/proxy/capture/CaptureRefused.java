package io.countersign.proxy.capture;

/// The rules could not be read or changed; the message says what to do.
final class CaptureRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    CaptureRefused(String message) {
        super(message);
    }
}
