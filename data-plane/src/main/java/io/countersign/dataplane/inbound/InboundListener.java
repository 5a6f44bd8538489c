package io.countersign.dataplane.inbound;

import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.tls.LiveTls;

/// Listens in the application's place.
public final class InboundListener {
    private InboundListener() {}

    public static Listener bind(EventLoops loops, InboundPort port, LiveTls tls, Relay relay, HttpRelay http) {
        return Listener.bind(loops, port.listen(), new InboundConnection(port, tls, relay, http), port.mode());
    }
}
