/// Who asks, and whether they may.
@NullMarked
package io.countersign.policy.access;

import org.jspecify.annotations.NullMarked;
