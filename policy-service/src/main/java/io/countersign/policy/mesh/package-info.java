/// The mesh's own settings and the objects that are there from the start.
@NullMarked
package io.countersign.policy.mesh;

import org.jspecify.annotations.NullMarked;
