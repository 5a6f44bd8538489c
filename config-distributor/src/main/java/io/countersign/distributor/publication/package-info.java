/// One step after the other: what was read is folded, and what follows from it is published in one transaction.
@NullMarked
package io.countersign.distributor.publication;

import org.jspecify.annotations.NullMarked;
