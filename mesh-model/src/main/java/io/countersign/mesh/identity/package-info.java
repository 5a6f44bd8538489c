/// Names and trust, in the words of SPIFFE.
@NullMarked
package io.countersign.mesh.identity;

import org.jspecify.annotations.NullMarked;
