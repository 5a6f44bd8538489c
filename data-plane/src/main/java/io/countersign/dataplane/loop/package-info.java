/// The event loops that all connections live on.
@NullMarked
package io.countersign.dataplane.loop;

import org.jspecify.annotations.NullMarked;
