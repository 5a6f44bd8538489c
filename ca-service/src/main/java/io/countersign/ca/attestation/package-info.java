/// What callers show to prove who they are: administrators' tokens, present SVIDs.
@NullMarked
package io.countersign.ca.attestation;

import org.jspecify.annotations.NullMarked;
