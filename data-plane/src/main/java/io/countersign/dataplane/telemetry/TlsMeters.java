package io.countersign.dataplane.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.util.Objects;
import java.util.stream.Stream;

/// Envoy's `ssl.*` counters of one direction: of the listeners or of the clusters.
final class TlsMeters {
    private static final int CAUSES_MAX = 8;

    private final Counter handshake;
    private final Counter resumed;
    private final Counter connectionError;
    private final Counter noClientCertificate;
    private final Counter wrongIdentity;
    private final Counter untrusted;

    TlsMeters(MeterRegistry registry, Direction direction) {
        var prefix = direction == Direction.INBOUND ? "envoy.listener.ssl." : "envoy.cluster.ssl.";
        handshake = registry.counter(prefix + "handshake");
        resumed = registry.counter(prefix + "session_reused");
        connectionError = registry.counter(prefix + "connection_error");
        noClientCertificate = registry.counter(prefix + "fail_verify_no_cert");
        wrongIdentity = registry.counter(prefix + "fail_verify_san");
        untrusted = registry.counter(prefix + "fail_verify_error");
        // Handshakes that ended well without a client certificate: there are none, and people look for the proof.
        registry.counter(prefix + "no_certificate");
    }

    void succeeded(boolean wasResumed) {
        handshake.increment();
        if (wasResumed) {
            resumed.increment();
        }
    }

    void failed(Throwable failure) {
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(CAUSES_MAX)
                .map(this::reason)
                .filter(reason -> !reason.equals(connectionError))
                .findFirst()
                .orElse(connectionError)
                .increment();
    }

    private Counter reason(Throwable cause) {
        if (cause instanceof OpenSslCertificateException refused) {
            return refused.errorCode() == CertificateVerifier.X509_V_ERR_CERT_REJECTED ? wrongIdentity : untrusted;
        }
        return String.valueOf(cause.getMessage()).contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
                ? noClientCertificate
                : connectionError;
    }
}
