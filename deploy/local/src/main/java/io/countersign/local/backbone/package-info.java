/// Broker and database in one process.
@NullMarked
package io.countersign.local.backbone;

import org.jspecify.annotations.NullMarked;
