/// What a person or a probe may ask a node.
@NullMarked
package io.countersign.dataplane.admin;

import org.jspecify.annotations.NullMarked;
