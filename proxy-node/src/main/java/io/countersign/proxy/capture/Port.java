package io.countersign.proxy.capture;

/// A TCP port.
record Port(int number) {

    private static final int MAX = 65_535;

    static Port parse(String text) {
        return new Port(text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0);
    }

    Port {
        if (number < 1 || number > MAX) {
            throw new IllegalArgumentException("port: " + number + " (expected: 1 to " + MAX + ")");
        }
    }
}
