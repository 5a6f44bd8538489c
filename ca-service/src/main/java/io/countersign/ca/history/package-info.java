/// Whose history the topics hold, and an administrator's decision for it.
@NullMarked
package io.countersign.ca.history;

import org.jspecify.annotations.NullMarked;
