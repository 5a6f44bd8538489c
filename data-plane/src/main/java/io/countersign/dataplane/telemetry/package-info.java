/// What the node tells of its traffic: metrics and the access log.
@NullMarked
package io.countersign.dataplane.telemetry;

import org.jspecify.annotations.NullMarked;
