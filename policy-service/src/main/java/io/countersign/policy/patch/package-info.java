/// The patches that kubectl sends, as pure functions.
@NullMarked
package io.countersign.policy.patch;

import org.jspecify.annotations.NullMarked;
