/// The sidecar: a data-plane node that stands before one workload and behind it.
@NullMarked
package io.countersign.proxy;

import org.jspecify.annotations.NullMarked;
