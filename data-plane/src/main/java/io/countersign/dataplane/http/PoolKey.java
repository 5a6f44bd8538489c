package io.countersign.dataplane.http;

import io.countersign.dataplane.tls.Offer;
import io.countersign.mesh.view.Upstream;
import java.net.InetAddress;
import java.util.Optional;

/// What makes two upstream connections interchangeable.
///
/// @param source the local address that they are made from
/// @param tlsGeneration of the contexts that they are made with; 0 for plaintext
record PoolKey(Upstream upstream, Offer offer, Optional<InetAddress> source, long tlsGeneration) {}
