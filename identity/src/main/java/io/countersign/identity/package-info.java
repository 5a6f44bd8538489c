/// How any process gets an X.509-SVID, keeps it fresh, and judges those of others: keys and requests made here, the
/// way to ca-service, chain verification, files, renewal.
@NullMarked
package io.countersign.identity;

import org.jspecify.annotations.NullMarked;
