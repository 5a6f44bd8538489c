package io.countersign.proxy.capture;

/// IPv4 or IPv6, each with a table of its own.
enum AddressFamily {
    IPV4("iptables", "127.0.0.1/32", "127.0.0.6/32"),
    IPV6("ip6tables", "::1/128", "::6/128");

    /// The program that shows and changes the table; `-save` and `-restore` are appended.
    final String program;

    final String loopback;

    /// From where the sidecar connects to its application.
    final String inboundSource;

    AddressFamily(String program, String loopback, String inboundSource) {
        this.program = program;
        this.loopback = loopback;
        this.inboundSource = inboundSource;
    }
}
