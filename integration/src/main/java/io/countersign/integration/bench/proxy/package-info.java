/// What a sidecar costs beside nginx and HAProxy at the same work: `./dev bench proxy`.
@NullMarked
package io.countersign.integration.bench.proxy;

import org.jspecify.annotations.NullMarked;
