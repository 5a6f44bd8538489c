/// What the distributor tells the nodes: shared facts, one record a thing.
@NullMarked
package io.countersign.mesh.config;

import org.jspecify.annotations.NullMarked;
