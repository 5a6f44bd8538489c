/// What relaying HTTP and relaying bytes have in common: the accepted connections of each event loop, the one way to
/// open an upstream connection, and what is known of the endpoints.
@NullMarked
package io.countersign.dataplane.relay;

import org.jspecify.annotations.NullMarked;
