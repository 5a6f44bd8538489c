package io.countersign.ca.jointoken;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;

@Singleton
class JoinTokenRepository implements PanacheRepositoryBase<JoinTokenEntity, byte[]> {
    /// Spends a token on a key in one statement, so that of two keys at once one wins.
    ///
    /// @return whether it is that key's now, or was already
    boolean spend(byte[] secretHash, byte[] keyHash, Instant now) {
        return update(
                        "spentOn = ?1 where secretHash = ?2 and expiresAt > ?3 and (spentOn is null or spentOn = ?1)",
                        keyHash,
                        secretHash,
                        now)
                == 1;
    }

    /// A token that has not ended.
    Optional<JoinTokenEntity> live(byte[] secretHash, Instant now) {
        return find("secretHash = ?1 and expiresAt > ?2", secretHash, now).firstResultOptional();
    }

    long deleteExpired(Instant before) {
        return delete("expiresAt < ?1", before);
    }
}
