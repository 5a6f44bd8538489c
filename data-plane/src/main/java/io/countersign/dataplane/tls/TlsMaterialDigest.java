package io.countersign.dataplane.tls;

import java.time.Instant;

/// What may be said of a [TlsMaterial] in logs and reports.
///
/// @param serial the leaf's serial number in lower-case hexadecimal
/// @param notAfter when the leaf ends
/// @param trustSequence the bundle's sequence number
public record TlsMaterialDigest(String serial, Instant notAfter, long trustSequence) {}
