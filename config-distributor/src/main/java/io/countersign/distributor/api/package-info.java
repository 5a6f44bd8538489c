/// The API: what the mesh is made of and what its nodes have in force, for everybody who is known.
@NullMarked
package io.countersign.distributor.api;

import org.jspecify.annotations.NullMarked;
