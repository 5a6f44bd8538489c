package io.countersign.ca.authority;

import io.countersign.mesh.identity.TrustDomain;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.util.List;

@Singleton
class AuthorityRepository implements PanacheRepositoryBase<AuthorityEntity, String> {
    /// One creator of a first authority at a time, over all replicas; any number that nothing else locks by.
    private static final long CREATION_LOCK = 0x636f756e74657231L;

    void lockCreation() {
        getEntityManager()
                .createNativeQuery("select cast(pg_advisory_xact_lock(:key) as text)")
                .setParameter("key", CREATION_LOCK)
                .getSingleResult();
    }

    List<AuthorityEntity> of(TrustDomain trustDomain) {
        return list("trustDomain = ?1 order by createdAt, id", trustDomain.name());
    }

    long sequence(TrustDomain trustDomain) {
        var entity = getEntityManager().find(TrustBundleEntity.class, trustDomain.name());
        return entity == null ? 0 : entity.sequence;
    }

    /// Lets the bundle's sequence go on above a number, and returns it.
    long raise(TrustDomain trustDomain, long above) {
        var bundle = getEntityManager().find(TrustBundleEntity.class, trustDomain.name());
        bundle.sequence = Math.max(bundle.sequence, above) + 1;
        return bundle.sequence;
    }

    /// Stores an authority, and with it the bundle's next sequence.
    void add(AuthorityEntity authority) {
        persist(authority);
        var manager = getEntityManager();
        var bundle = manager.find(TrustBundleEntity.class, authority.trustDomain);
        if (bundle == null) {
            bundle = new TrustBundleEntity();
            bundle.trustDomain = authority.trustDomain;
            bundle.sequence = 1;
            manager.persist(bundle);
        } else {
            bundle.sequence++;
        }
    }
}
