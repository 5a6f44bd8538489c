package io.countersign.mesh.view;

/// What the first bytes of a connection are.
public enum FirstBytes {
    /// A TLS ClientHello that offers one of the mesh's application protocols (ALPN, RFC 7301).
    MESH_TLS,
    /// Any other TLS ClientHello.
    OTHER_TLS,
    /// An HTTP/1.x request line.
    HTTP1,
    /// HTTP/2's preface without an upgrade before it (RFC 9113, section 3.3).
    HTTP2,
    /// Anything else.
    OTHER,
    /// None for a while: the client may be waiting for the server to speak first.
    SILENT
}
