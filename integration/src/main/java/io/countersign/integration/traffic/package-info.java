/// Clients that send a known load and count honestly what came back.
@NullMarked
package io.countersign.integration.traffic;

import org.jspecify.annotations.NullMarked;
