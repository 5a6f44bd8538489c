/// How far every generation has come, and which of it is to be told when.
@NullMarked
package io.countersign.distributor.distribution;

import org.jspecify.annotations.NullMarked;
