/// Objects of the Kubernetes-style API: how they are read from a request and written to an answer.
@NullMarked
package io.countersign.policy.object;

import org.jspecify.annotations.NullMarked;
