package io.countersign.ca;

import io.countersign.ca.signing.SigningAuthority;
import io.countersign.testing.TestAuthority;

/// A test's authority as the one that signs.
public final class TestRoot {
    private TestRoot() {}

    public static SigningAuthority seeded(long seed) {
        var authority = TestAuthority.seeded(seed);
        return new SigningAuthority("test-" + seed, authority.certificate(), authority.privateKey());
    }
}
