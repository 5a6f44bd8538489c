/// The ingress gateway: a data-plane node at the edge.
@NullMarked
package io.countersign.gateway;

import org.jspecify.annotations.NullMarked;
