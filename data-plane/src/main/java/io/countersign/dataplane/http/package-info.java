/// The byte path of HTTP: messages from an accepted connection to a pooled connection of the same event loop and back,
/// at the level of Netty's codecs. Everything here belongs to one event loop.
@NullMarked
package io.countersign.dataplane.http;

import org.jspecify.annotations.NullMarked;
