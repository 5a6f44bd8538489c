/// A real KRaft broker inside this JVM, set up from the topic catalogue: for one machine and for tests.
@NullMarked
package io.countersign.broker;

import org.jspecify.annotations.NullMarked;
