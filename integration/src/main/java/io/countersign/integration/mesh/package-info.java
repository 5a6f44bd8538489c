/// A whole mesh of packaged processes, driven as a user drives it.
@NullMarked
package io.countersign.integration.mesh;

import org.jspecify.annotations.NullMarked;
