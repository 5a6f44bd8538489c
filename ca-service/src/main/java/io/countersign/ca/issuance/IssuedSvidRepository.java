package io.countersign.ca.issuance;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.time.Instant;

/// SVIDs that were issued, by their serial number in lower-case hexadecimal digits.
@Singleton
class IssuedSvidRepository implements PanacheRepositoryBase<IssuedSvidEntity, String> {
    /// What another transaction is deleting is left to it.
    private static final String DELETE_ENDED = """
            delete from issued_svid where serial in
                (select serial from issued_svid where not_after < ?1 limit ?2 for update skip locked)""";

    /// Deletes some that ended before a moment.
    ///
    /// @param limit how many at most
    int deleteEnded(Instant before, int limit) {
        return getEntityManager()
                .createNativeQuery(DELETE_ENDED)
                .setParameter(1, before)
                .setParameter(2, limit)
                .executeUpdate();
    }
}
