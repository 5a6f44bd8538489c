/// Join tokens: who may ask for a first SVID, once, on one key.
@NullMarked
package io.countersign.ca.jointoken;

import org.jspecify.annotations.NullMarked;
