package io.countersign.dataplane.telemetry;

import io.countersign.dataplane.tls.TlsFacts;

/// Is told what was relayed for one workload. Called on event loops: must neither wait nor throw.
public interface Telemetry {
    /// Takes no notice.
    Telemetry NONE = new Telemetry() {
        @Override
        public void ended(RequestEnded request) {}

        @Override
        public void opened(RelayedTo relayed) {}

        @Override
        public void ended(ConnectionEnded connection) {}

        @Override
        public void handshake(Direction direction, TlsFacts tls) {}

        @Override
        public void handshakeFailed(Direction direction, Throwable cause) {}

        @Override
        public void failed() {}
    };

    void ended(RequestEnded request);

    /// A connection begins to be relayed as bytes; [#ended(ConnectionEnded)] follows.
    void opened(RelayedTo relayed);

    void ended(ConnectionEnded connection);

    /// A mutual TLS handshake ended well.
    void handshake(Direction direction, TlsFacts tls);

    /// A mutual TLS handshake failed.
    ///
    /// @param cause as the TLS handler has it
    void handshakeFailed(Direction direction, Throwable cause);

    /// Something that an event loop does every second failed for one connection or pool: a defect.
    void failed();
}
