/// The configuration and the parts that the service is wired from.
@NullMarked
package io.countersign.distributor;

import org.jspecify.annotations.NullMarked;
