package io.countersign.dataplane.node;

import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.view.LiveView;

/// What a kind of node builds its listeners from.
public record NodeParts(EventLoops loops, LiveTls tls, LiveView view, Relay relay, HttpRelay http) {}
