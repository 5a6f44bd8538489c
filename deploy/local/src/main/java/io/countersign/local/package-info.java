/// The launcher of a whole mesh on one machine: `./dev up`, `down`, `status`, and the same for tests.
@NullMarked
package io.countersign.local;

import org.jspecify.annotations.NullMarked;
