package io.countersign.ca.issuance;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

/// Every SVID that was issued, by its serial number in lower-case hexadecimal digits.
@Singleton
class IssuedSvidRepository implements PanacheRepositoryBase<IssuedSvidEntity, String> {}
