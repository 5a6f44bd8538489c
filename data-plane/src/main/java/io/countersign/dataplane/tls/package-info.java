/// The node's TLS: one immutable material, contexts that are built, validated, rehearsed and then published as one
/// reference, and a trust manager whose refusals reach the peer as the right alert.
@NullMarked
package io.countersign.dataplane.tls;

import org.jspecify.annotations.NullMarked;
