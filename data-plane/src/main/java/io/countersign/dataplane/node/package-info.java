/// One data-plane process: its configuration, how it starts, serves and ends.
@NullMarked
package io.countersign.dataplane.node;

import org.jspecify.annotations.NullMarked;
