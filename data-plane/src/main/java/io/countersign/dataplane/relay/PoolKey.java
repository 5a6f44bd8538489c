package io.countersign.dataplane.relay;

import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;

/// What makes two upstream connections interchangeable.
///
/// @param tlsGeneration of the contexts that the connection was made with; 0 for plaintext
record PoolKey(String address, int port, UpstreamTls tls, long tlsGeneration) {
    static PoolKey of(Upstream upstream, long tlsGeneration) {
        return new PoolKey(upstream.address(), upstream.port(), upstream.tls(), tlsGeneration);
    }
}
