/// Streams of changes, read from the database by sequence.
@NullMarked
package io.countersign.policy.watch;

import org.jspecify.annotations.NullMarked;
