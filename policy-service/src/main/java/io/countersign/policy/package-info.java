/// policy-service: the Kubernetes-style API of the mesh.
@NullMarked
package io.countersign.policy;

import org.jspecify.annotations.NullMarked;
