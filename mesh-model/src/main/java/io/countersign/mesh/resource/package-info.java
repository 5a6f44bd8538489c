/// The kinds that people write, with their schemas and typed specs.
@NullMarked
package io.countersign.mesh.resource;

import org.jspecify.annotations.NullMarked;
