/// The transactional outbox: facts are stored with the state they tell of, and published in commit order.
@NullMarked
package io.countersign.outbox;

import org.jspecify.annotations.NullMarked;
