/// What the mesh says about a generation becomes the object's condition.
@NullMarked
package io.countersign.policy.status;

import org.jspecify.annotations.NullMarked;
