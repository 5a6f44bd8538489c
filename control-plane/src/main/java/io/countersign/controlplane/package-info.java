/// What the three services have in common: configuration, identity, users, and how refusals are told.
@NullMarked
package io.countersign.controlplane;

import org.jspecify.annotations.NullMarked;
