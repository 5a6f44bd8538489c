/// From what was written to what is in force: pure functions over an immutable state.
@NullMarked
package io.countersign.mesh.projection;

import org.jspecify.annotations.NullMarked;
