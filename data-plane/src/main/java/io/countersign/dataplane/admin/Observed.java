package io.countersign.dataplane.admin;

import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.view.LiveView;

/// What the admin pages show.
public record Observed(LiveTls tls, LiveView view, Relay relay) {}
