/// The Kubernetes-style REST interface: paths, verbs, answers.
@NullMarked
package io.countersign.policy.api;

import org.jspecify.annotations.NullMarked;
