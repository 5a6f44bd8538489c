/// What the launcher asks of a running mesh: join tokens of ca-service, resources through kubectl.
@NullMarked
package io.countersign.local.control;

import org.jspecify.annotations.NullMarked;
