package io.countersign.dataplane.telemetry;

/// Is told what was relayed. Called on event loops: must neither wait nor throw.
public interface Telemetry {
    /// Takes no notice.
    Telemetry NONE = new Telemetry() {
        @Override
        public void ended(RequestEnded request) {}

        @Override
        public void opened(Direction direction) {}

        @Override
        public void ended(ConnectionEnded connection) {}
    };

    void ended(RequestEnded request);

    /// A connection begins to be relayed as bytes; [#ended(ConnectionEnded)] follows.
    void opened(Direction direction);

    void ended(ConnectionEnded connection);
}
