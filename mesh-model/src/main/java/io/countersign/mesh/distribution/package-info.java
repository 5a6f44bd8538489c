/// How far a change has come: positions, reports and their judgement.
@NullMarked
package io.countersign.mesh.distribution;

import org.jspecify.annotations.NullMarked;
