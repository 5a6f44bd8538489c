/// What a mesh's resources come to, explained: who takes what from whom, and which of them do not do what they say.
@NullMarked
package io.countersign.mesh.analysis;

import org.jspecify.annotations.NullMarked;
