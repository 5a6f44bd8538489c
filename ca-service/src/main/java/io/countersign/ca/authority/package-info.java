/// The authorities of the trust domain, their keys at rest, and the trust bundle made of them.
@NullMarked
package io.countersign.ca.authority;

import org.jspecify.annotations.NullMarked;
