/// Whether the service lives and whether it publishes.
@NullMarked
package io.countersign.distributor.health;

import org.jspecify.annotations.NullMarked;
