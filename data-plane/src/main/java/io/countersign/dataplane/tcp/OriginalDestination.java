package io.countersign.dataplane.tcp;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Where a connection was going before the kernel led it to a listener of ours (netfilter's REDIRECT). Needs epoll.
public final class OriginalDestination {
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int SO_ORIGINAL_DST = 80;
    private static final int PORT_AT = 2;
    private static final int ADDRESS_AT_V4 = 4;
    private static final int ADDRESS_AT_V6 = 8;

    /// `struct sockaddr_in` and `struct sockaddr_in6`.
    private static final RawUnixChannelOption V4 =
            new RawUnixChannelOption("SO_ORIGINAL_DST", SOL_IP, SO_ORIGINAL_DST, 16);

    private static final RawUnixChannelOption V6 =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", SOL_IPV6, SO_ORIGINAL_DST, 28);

    private OriginalDestination() {}

    /// Empty for a connection that was made to the listener itself: to serve it would be to call oneself, again and
    /// again.
    public static Optional<InetSocketAddress> of(Channel accepted) {
        if (!(accepted instanceof EpollSocketChannel channel)) {
            return Optional.empty();
        }
        try {
            var v4 = channel.localAddress().getAddress() instanceof Inet4Address;
            var structure = channel.config().getOption(v4 ? V4 : V6);
            return read(structure, v4 ? ADDRESS_AT_V4 : ADDRESS_AT_V6, v4 ? 4 : 16)
                    .filter(original ->
                            original.getPort() != channel.localAddress().getPort());
        } catch (RuntimeException e) {
            // Netty's way to say that the kernel refused: it knows of no other destination.
            return Optional.empty();
        }
    }

    private static Optional<InetSocketAddress> read(ByteBuffer structure, int addressAt, int length) {
        var address = new byte[length];
        structure.get(addressAt, address);
        try {
            return Optional.of(
                    new InetSocketAddress(InetAddress.getByAddress(address), structure.getShort(PORT_AT) & 0xffff));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + length + " bytes", e);
        }
    }
}
