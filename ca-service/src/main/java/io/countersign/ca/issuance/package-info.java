/// From a certificate request to a signed, checked and recorded SVID.
@NullMarked
package io.countersign.ca.issuance;

import org.jspecify.annotations.NullMarked;
