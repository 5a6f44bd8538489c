/// Fixtures for the tests of every module: certificates made in code, clocks, histories, fakes with names.
@NullMarked
package io.countersign.testing;

import org.jspecify.annotations.NullMarked;
