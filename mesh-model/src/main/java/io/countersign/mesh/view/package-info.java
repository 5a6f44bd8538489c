/// What a node has applied, and the decisions that it takes from it.
@NullMarked
package io.countersign.mesh.view;

import org.jspecify.annotations.NullMarked;
