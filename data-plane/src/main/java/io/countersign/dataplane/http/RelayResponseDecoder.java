package io.countersign.dataplane.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/// Reads the responses of one upstream connection, one for each request that it is told of. What comes unasked could
/// become the beginning of somebody else's response: it ends the connection.
final class RelayResponseDecoder extends HttpResponseDecoder {
    private boolean expects;
    private boolean toHead;

    RelayResponseDecoder() {
        super(StrictRequestDecoder.config());
    }

    /// A request is about to be written.
    ///
    /// @param head whether its method is HEAD: its response has no body, whatever it says
    void expect(boolean head) {
        expects = true;
        toHead = head;
    }

    /// The response has come to its end.
    ///
    /// @return whether nothing came behind it
    boolean isDone() {
        expects = false;
        return actualReadableBytes() == 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (expects) {
            super.channelRead(ctx, message);
        } else {
            ReferenceCountUtil.release(message);
            var _ = ctx.close();
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return toHead || super.isContentAlwaysEmpty(message);
    }
}
