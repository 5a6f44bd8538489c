package io.countersign.dataplane.loop;

/// Why a connection was ended to spare the node.
public enum Shed {
    /// All connections together held too much, and this one most of it for longest.
    MEMORY,
    /// The head of a message was not whole in time.
    HEAD_TIMEOUT,
    /// There were too many connections, and this one was idle for longest.
    CONNECTIONS
}
