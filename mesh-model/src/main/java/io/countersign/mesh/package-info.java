/// The domain of the mesh, and every decision taken in it, as values and pure functions.
@NullMarked
package io.countersign.mesh;

import org.jspecify.annotations.NullMarked;
