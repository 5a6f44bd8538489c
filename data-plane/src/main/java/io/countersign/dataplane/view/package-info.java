/// What the node has applied from the bus, and the report of it once it is in force on every event loop.
@NullMarked
package io.countersign.dataplane.view;

import org.jspecify.annotations.NullMarked;
