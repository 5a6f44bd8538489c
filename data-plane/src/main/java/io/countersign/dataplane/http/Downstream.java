package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Optional;

/// The client's side of one exchange, in whatever the client speaks: HTTP/1's messages are the common form. What is
/// written is flushed once the event loop has read what there is. Belongs to one event loop.
interface Downstream {
    RelayedService service();

    Caller caller();

    /// The protocol and the address of the client, for the log.
    String protocol();

    String address();

    /// Whether more of the response can be written without piling it up; [Exchange#downstreamWritable] tells of a
    /// change.
    boolean isWritable();

    /// Writes a response of status 1xx.
    void inform(HttpResponse head);

    /// Begins the final response.
    ///
    /// @param wholeRequest whether all of the request has come
    /// @param whole whether nothing follows
    void begin(HttpResponse head, boolean wholeRequest, boolean whole);

    /// Writes a piece of the body, and takes it over; the last one ends the response.
    void write(HttpContent piece);

    /// The response is whole.
    void end(boolean wholeRequest);

    /// The rest of a response that has begun will not come; the client must not take it for whole.
    ///
    /// @param code of HTTP/2 that says why
    void abort(long code);

    /// The connection, where it can turn into bytes both ways; empty for one of many streams.
    Optional<Http1Downstream> tunnel();

    /// The caller's login on the connection, which is never kept where that is not one caller's alone.
    ConnectionLogin login();

    /// More of the request may be read: [Exchange#wantsMore].
    void resume();
}
