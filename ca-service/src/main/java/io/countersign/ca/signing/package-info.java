/// Certificates made from templates: encoding, signatures through plain JCA.
@NullMarked
package io.countersign.ca.signing;

import org.jspecify.annotations.NullMarked;
