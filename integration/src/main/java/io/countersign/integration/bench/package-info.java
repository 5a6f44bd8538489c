/// Measurements, each a program of its own behind `./dev bench`.
@NullMarked
package io.countersign.integration.bench;

import org.jspecify.annotations.NullMarked;
