/// Transparent capture: the rules of a network namespace that lead a workload's connections to its sidecar.
@NullMarked
package io.countersign.proxy.capture;

import org.jspecify.annotations.NullMarked;
