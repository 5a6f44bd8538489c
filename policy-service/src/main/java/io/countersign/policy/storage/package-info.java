/// Objects in PostgreSQL, in commit order, with the fact about every write in the outbox.
@NullMarked
package io.countersign.policy.storage;

import org.jspecify.annotations.NullMarked;
