/// What runs where on one machine, and the files that tell it so.
@NullMarked
package io.countersign.local.plan;

import org.jspecify.annotations.NullMarked;
