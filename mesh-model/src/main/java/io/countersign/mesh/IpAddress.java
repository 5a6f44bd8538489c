package io.countersign.mesh;

import java.net.InetAddress;
import java.util.Optional;

/// IP addresses as text in one form, so that equal ones are equal strings however they were written.
public final class IpAddress {
    private IpAddress() {}

    /// The one form of a literal, which is the JDK's; empty for what is none, a host's name too. Looks nothing up.
    public static Optional<String> canonical(String literal) {
        try {
            return Optional.of(InetAddress.ofLiteral(literal).getHostAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
