/// What kubectl asks first: versions, groups and kinds.
@NullMarked
package io.countersign.policy.discovery;

import org.jspecify.annotations.NullMarked;
