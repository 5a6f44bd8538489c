package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.Opening.Opened;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;

/// The server's side of one exchange, in whatever the server speaks. What is written is flushed once the event loop
/// has read what there is. Belongs to one event loop.
interface UpstreamLink {
    /// The connection, with who is proved at its other end.
    Opened opened();

    /// Whether others were served on its connection before.
    boolean isReused();

    /// Begins the request; without a body it is whole.
    void begin(HttpRequest head, boolean bodyless);

    /// Writes a piece of the body, and takes it over; the last one ends the request.
    void write(HttpContent piece);

    /// Whether more of the request can be written without piling it up; [Exchange#upstreamWritable] tells of a change.
    boolean isWritable();

    /// Whether the response is wanted at the moment.
    void read(boolean wanted);

    /// The exchange is over; it is told nothing more.
    ///
    /// @param whole whether both messages were
    void release(boolean whole);
}
