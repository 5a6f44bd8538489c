package io.countersign.mesh.view;

/// What the first bytes of a connection are.
public enum FirstBytes {
    /// A TLS ClientHello that offers one of the mesh's application protocols (ALPN, RFC 7301).
    MESH_TLS,
    /// Any other TLS ClientHello.
    OTHER_TLS,
    /// An HTTP/1.x request line.
    HTTP1,
    /// Anything else, and nothing at all within the time allowed.
    OTHER
}
