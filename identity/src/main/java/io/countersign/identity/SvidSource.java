package io.countersign.identity;

import java.security.KeyPair;

/// Where SVIDs come from. Never throws for what the network or the other side does.
interface SvidSource {
    /// Asks for the first SVID. The same key may ask with the same token again.
    CaAnswer join(JoinToken token, KeyPair keys);

    /// Asks for the next one with the present one.
    ///
    /// @param keys of the next one
    CaAnswer renew(IssuedSvid present, KeyPair keys);
}
