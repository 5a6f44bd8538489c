package io.countersign.mesh.config;

import java.util.Set;

/// What a port's declared protocol means for whoever relays its connections.
public enum PortProtocol {
    /// Nothing known is declared: the first bytes tell.
    AUTO,
    /// Requests of HTTP/1 or HTTP/2.
    HTTP,
    /// Bytes, whatever they look like; the application's own TLS too.
    TCP;

    private static final Set<String> HTTP_NAMES =
            Set.of("http", "http2", "grpc", "grpc-web", "kubernetes.io/h2c", "kubernetes.io/ws");
    private static final Set<String> TCP_NAMES =
            Set.of("https", "tls", "tcp", "udp", "mongo", "mysql", "redis", "kubernetes.io/wss");

    /// The meaning of a declared protocol in lower case; empty where none is declared.
    public static PortProtocol of(String declared) {
        if (HTTP_NAMES.contains(declared)) {
            return HTTP;
        }
        return TCP_NAMES.contains(declared) ? TCP : AUTO;
    }
}
