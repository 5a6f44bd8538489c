package io.countersign.dataplane.node;

import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.view.LiveView;
import io.countersign.mesh.config.ConfigKey;
import java.util.Optional;

/// What a kind of node builds the listeners of one workload from.
///
/// @param workload empty for a gateway
public record NodeParts(
        Optional<ConfigKey> workload, EventLoops loops, LiveTls tls, LiveView view, Relay relay, HttpRelay http) {}
