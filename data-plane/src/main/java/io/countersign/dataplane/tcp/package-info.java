/// Connections as bytes: what they begin with, where they were going, and how two of them are joined.
@NullMarked
package io.countersign.dataplane.tcp;

import org.jspecify.annotations.NullMarked;
