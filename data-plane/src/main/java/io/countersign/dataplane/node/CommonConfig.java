package io.countersign.dataplane.node;

/// `countersign`: what every kind of node is configured with. Each kind's own mapping extends it.
public interface CommonConfig {
    NodeConfig node();

    IdentityConfig identity();

    BusConfig bus();
}
