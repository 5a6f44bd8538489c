package io.countersign.local.process;

/// A TCP address and port on this machine.
public record Endpoint(String address, int port) {

    /// `address:port`.
    @Override
    public String toString() {
        return address + ":" + port;
    }
}
