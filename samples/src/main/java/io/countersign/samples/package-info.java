/// The sample workloads: small real programs on the JDK alone.
@NullMarked
package io.countersign.samples;

import org.jspecify.annotations.NullMarked;
