package io.countersign.mesh.identity;

import java.time.Instant;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/// All that is withdrawn, as one immutable value; a new one shares what did not change. In doubt something is revoked:
/// a record that cannot be read revokes, and a tombstone lifts nothing.
///
/// @param newest of each key the newest record
public record Revocations(HashPMap<RevocationKey, Revocation> newest) {
    public static final Revocations NONE = new Revocations(HashTreePMap.empty());

    /// The set with a record in the place of its predecessor.
    public Revocations apply(Revocation revocation) {
        return new Revocations(newest.plus(revocation.key(), revocation));
    }

    /// The set when a key's newest record cannot be read.
    public Revocations unreadable(RevocationKey key) {
        return apply(Revocation.unreadable(key));
    }

    /// The set after a tombstone. What still withdraws something stays: forgotten does not mean lifted.
    public Revocations forget(RevocationKey key, Instant now) {
        var known = newest.get(key);
        return known == null || now.isBefore(known.until()) ? this : new Revocations(newest.minus(key));
    }

    /// Whether a certificate is withdrawn, by its number or by its identity.
    ///
    /// @param serial in lower-case hexadecimal without leading zeros
    /// @param issued when the certificate begins
    public boolean revokes(String serial, SpiffeId id, Instant issued) {
        return !newest.isEmpty()
                && (holds(RevocationKey.serial(serial), issued) || holds(RevocationKey.identity(id), issued));
    }

    /// Whether an authority is withdrawn, with all that it signed.
    public boolean revokesAuthority(String id) {
        return !newest.isEmpty() && holds(RevocationKey.authority(id), Instant.MIN);
    }

    private boolean holds(RevocationKey key, Instant issued) {
        var revocation = newest.get(key);
        return revocation != null && revocation.holdsFor(issued);
    }
}
