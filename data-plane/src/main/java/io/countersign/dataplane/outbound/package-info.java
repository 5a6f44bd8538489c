/// The proxy that the application sends its requests to: finds what a host means in the mesh and chooses an endpoint.
@NullMarked
package io.countersign.dataplane.outbound;

import org.jspecify.annotations.NullMarked;
