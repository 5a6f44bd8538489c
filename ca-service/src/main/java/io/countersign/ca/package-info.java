/// The certificate authority of one trust domain: configuration, start, and how refusals are told.
@NullMarked
package io.countersign.ca;

import org.jspecify.annotations.NullMarked;
