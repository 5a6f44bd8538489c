/// Following compacted topics from their start: one reader, no group, nothing committed.
@NullMarked
package io.countersign.follower;

import org.jspecify.annotations.NullMarked;
