/// The byte path: HTTP/1.1 messages from an accepted connection to a pooled connection of the same event loop and
/// back, at the level of Netty's codecs. Everything here but settings and counters belongs to one event loop.
@NullMarked
package io.countersign.dataplane.relay;

import org.jspecify.annotations.NullMarked;
