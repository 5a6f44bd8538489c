/// Refusals, in the words of the Kubernetes API.
@NullMarked
package io.countersign.policy.failure;

import org.jspecify.annotations.NullMarked;
