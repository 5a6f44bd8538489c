package io.countersign.dataplane.tls;

import java.util.List;

/// What a client offers to speak inside TLS (ALPN, RFC 7301). Istio's own names announce mutual TLS; they are no
/// protocols, and no server selects them.
public enum Offer {
    /// Bytes, or HTTP/1.1 that may turn into bytes.
    OPAQUE(List.of("istio-peer-exchange", "istio"), List.of("http/1.1")),
    /// HTTP whose application speaks HTTP/1.
    HTTP(List.of("istio-peer-exchange", "istio", "h2"), List.of("http/1.1")),
    /// HTTP whose application speaks HTTP/2: `istio-h2` says so to the other sidecar.
    HTTP2(List.of("istio-peer-exchange", "istio", "istio-h2", "h2"), List.of("h2", "http/1.1"));

    private final List<String> mesh;
    private final List<String> configured;

    Offer(List<String> mesh, List<String> configured) {
        this.mesh = mesh;
        this.configured = configured;
    }

    /// To another sidecar.
    String[] mesh() {
        return mesh.toArray(String[]::new);
    }

    /// To a server that a rule says how to speak to.
    String[] configured() {
        return configured.toArray(String[]::new);
    }
}
