/// The tables that kubectl prints.
@NullMarked
package io.countersign.policy.table;

import org.jspecify.annotations.NullMarked;
