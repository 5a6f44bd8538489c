package io.countersign.proxy.capture;

import java.net.Inet6Address;
import java.net.InetAddress;

/// Addresses that begin alike, as `10.0.0.0/8`; one address alone is a range too.
record AddressRange(AddressFamily family, String text) {

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        AddressFamily family = address instanceof Inet6Address ? AddressFamily.IPV6 : AddressFamily.IPV4;
        int bits = family == AddressFamily.IPV6 ? IPV6_BITS : IPV4_BITS;
        int length = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length: " + length + " (expected: 0 to " + bits + ")");
        }
        return new AddressRange(family, address.getHostAddress() + "/" + length);
    }
}
