/// The certificate that the API is served by.
@NullMarked
package io.countersign.policy.serving;

import org.jspecify.annotations.NullMarked;
