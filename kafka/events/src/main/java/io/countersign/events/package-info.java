/// What travels on the bus: the topics, the records, their JSON.
@NullMarked
package io.countersign.events;

import org.jspecify.annotations.NullMarked;
