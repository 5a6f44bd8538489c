/// From the topics' records to the config records that differ from what was published: no Kafka, no clock, no log.
@NullMarked
package io.countersign.distributor.projection;

import org.jspecify.annotations.NullMarked;
