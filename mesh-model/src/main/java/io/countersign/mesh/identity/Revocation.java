package io.countersign.mesh.identity;

import java.time.Instant;

/// Something is withdrawn before its end, or was and is not any more. A certificate or an authority that is lifted
/// counts again. An identity is revoked for what was issued before that time, and nothing is issued for it until it is
/// lifted; what was issued before stays revoked even then, because whoever took its key still has it.
///
/// @param lifted whether it was taken back
/// @param at when it was revoked
/// @param until by then all that it withdraws has ended by itself, and the revocation may be forgotten
/// @param reason one word, for people
public record Revocation(RevocationKey key, boolean lifted, Instant at, Instant until, String reason) {
    /// Stands for a record that cannot be read: revoked, whenever issued, and never forgotten.
    static Revocation unreadable(RevocationKey key) {
        return new Revocation(key, false, Instant.MAX, Instant.MAX, "UNREADABLE");
    }

    /// Whether it withdraws what was issued then.
    boolean holdsFor(Instant issued) {
        return switch (key.kind()) {
            case SERIAL, AUTHORITY -> !lifted;
            case IDENTITY -> issued.isBefore(at);
        };
    }
}
