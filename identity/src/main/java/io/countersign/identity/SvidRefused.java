package io.countersign.identity;

import java.io.Serial;
import java.security.cert.CertificateException;

/// A peer's chain was judged and refused, as the JDK's TLS wants to hear it.
public final class SvidRefused extends CertificateException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final SvidFault fault;

    public SvidRefused(SvidVerification.Refused refused) {
        super(refused.detail());
        this.fault = refused.fault();
    }

    public SvidFault fault() {
        return fault;
    }
}
