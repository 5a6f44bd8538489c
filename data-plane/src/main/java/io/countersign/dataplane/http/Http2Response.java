package io.countersign.dataplane.http;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.RelaySettings;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One stream of an accepted connection. Belongs to one event loop.
final class Http2Response extends Http2Side.End implements Downstream {
    private final Http2Downstream connection;
    private final Http2Hop hop;
    private final Http2Stream stream;
    private @Nullable Exchange exchange;
    private final ConnectionLogin login = new ConnectionLogin();
    private @Nullable ChannelFuture written;

    Http2Response(Http2Downstream connection, Http2Hop hop, Http2Stream stream) {
        this.connection = connection;
        this.hop = hop;
        this.stream = stream;
        // Streams may be many callers'.
        login.end();
    }

    void start(Exchange begun) {
        exchange = begun;
        begun.start();
    }

    Exchange exchange() {
        return Objects.requireNonNull(exchange, "started");
    }

    /// Adds what its exchange holds, and what waits for the client's window.
    void hold(HeldBytes held) {
        exchange().hold(held);
        held.add(isWritable() ? 0 : RelaySettings.PIECE_MAX, exchange().touchedNanos());
    }

    @Override
    void pass(HttpContent piece) {
        exchange().request(piece);
    }

    @Override
    boolean isWanted() {
        return exchange().wantsMore();
    }

    @Override
    public RelayedService service() {
        return connection.service();
    }

    @Override
    public Caller caller() {
        return connection.caller();
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public String address() {
        return connection.address();
    }

    @Override
    public boolean isWritable() {
        return hop.isWritable(stream);
    }

    @Override
    public void inform(HttpResponse head) {
        var _ = hop.write(stream.id(), Http2Fields.of(head), false);
    }

    @Override
    public void begin(HttpResponse head, boolean wholeRequest, boolean whole) {
        written = hop.write(stream.id(), Http2Fields.of(head), whole);
    }

    @Override
    public void write(HttpContent piece) {
        var size = piece.content().readableBytes();
        written = hop.write(stream.id(), piece);
        if (!isWritable()) {
            HeldBytes.of(connection.channel()).took(size);
        }
    }

    @Override
    public void end(boolean wholeRequest) {
        if (wholeRequest || written == null) {
            resume();
        } else {
            // Nobody wants the rest of the request (RFC 9113, section 8.1).
            written.addListener(_ -> hop.reset(stream.id(), Http2Error.NO_ERROR.code()));
        }
    }

    @Override
    public void abort(long code) {
        hop.reset(stream.id(), code);
    }

    @Override
    public Optional<Http1Downstream> tunnel() {
        return Optional.empty();
    }

    @Override
    public ConnectionLogin login() {
        return login;
    }

    @Override
    public void resume() {
        resume(hop, stream);
    }
}
