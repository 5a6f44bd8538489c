/// What the node tells the mesh of itself.
@NullMarked
package io.countersign.dataplane.report;

import org.jspecify.annotations.NullMarked;
