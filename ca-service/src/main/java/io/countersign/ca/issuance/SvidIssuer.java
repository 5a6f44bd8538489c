package io.countersign.ca.issuance;

import io.countersign.ca.CaSettings;
import io.countersign.ca.Registration;
import io.countersign.ca.authority.Authorities;
import io.countersign.ca.signing.SerialNumbers;
import io.countersign.identity.Pem;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signs: template by the profile, signature, a second reading, the record. Who may ask is settled before.
@Singleton
public class SvidIssuer {
    private static final Logger AUDIT = LoggerFactory.getLogger("io.countersign.ca.audit");
    private static final String ISSUED = "countersign_ca_svids_issued";

    /// An SVID that has ended is known for so long after it could be renewed last. Then its record says nothing that
    /// the certificate does not; that it was issued stands in the audit log.
    private static final Duration KEPT = Duration.ofDays(1);

    /// More can end in a minute only where more are issued, and then the table is as large as that anyway.
    private static final Duration FORGET_INTERVAL = Duration.ofMinutes(1);

    private static final int FORGOTTEN_AT_ONCE = 1_000;

    /// On what grounds an SVID is issued.
    public enum Ground {
        JOIN_TOKEN,
        RENEWAL,
        EXPIRED_RENEWAL,
        OWN
    }

    private final Authorities authorities;
    private final IssuedSvidRepository issued;
    private final CertificateProfile profile;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final Duration kept;
    private final AtomicReference<Instant> forgotten = new AtomicReference<>(Instant.EPOCH);

    SvidIssuer(
            Authorities authorities,
            IssuedSvidRepository issued,
            CaSettings settings,
            InstantSource clock,
            MeterRegistry metrics) {
        this.authorities = authorities;
        this.issued = issued;
        this.profile = CertificateProfile.of(settings.svidLifetime());
        this.clock = clock;
        this.metrics = metrics;
        this.kept = settings.attestation().expiredGrace().plus(KEPT);
    }

    /// Issues and records, in the caller's transaction or one of its own. A certificate that does not pass its second
    /// reading is thrown away with an [IllegalStateException].
    @Transactional
    public X509Certificate issue(Registration registration, PublicKey key, Ground ground) {
        var authority = authorities.active();
        var now = clock.instant();
        var serial = SerialNumbers.next();
        var serialHex = serial.toString(16);
        AUDIT.atInfo()
                .addKeyValue("spiffeId", registration.spiffeId())
                .addKeyValue("nodeId", registration.nodeId())
                .addKeyValue("serial", serialHex)
                .addKeyValue("authorityId", authority.id())
                .addKeyValue("ground", ground)
                .log("svid to be signed");
        var certificate =
                profile.template(registration, key, authority, serial, now).sign(authority.privateKey());
        var problems = SvidValidator.problems(
                certificate, new SvidValidator.Expected(registration, key, authority, profile, now));
        if (!problems.isEmpty()) {
            throw new IllegalStateException("signed svid is not sound: " + String.join("; ", problems));
        }
        record(registration, certificate, serialHex, authority.id());
        forgetEnded(now);
        metrics.counter(ISSUED, "ground", ground.name().toLowerCase(Locale.ROOT))
                .increment();
        AUDIT.atInfo()
                .addKeyValue("serial", serialHex)
                .addKeyValue("notAfter", certificate.getNotAfter().toInstant())
                .log("svid signed");
        return certificate;
    }

    /// With what is issued, so that the table grows no further than what holds.
    private void forgetEnded(Instant now) {
        var last = forgotten.get();
        var since = Duration.between(last, now).abs();
        if (since.compareTo(FORGET_INTERVAL) >= 0 && forgotten.compareAndSet(last, now)) {
            issued.deleteEnded(now.minus(kept), FORGOTTEN_AT_ONCE);
        }
    }

    private void record(Registration registration, X509Certificate certificate, String serial, String authorityId) {
        var entity = new IssuedSvidEntity();
        entity.serial = serial;
        entity.spiffeId = registration.spiffeId().toString();
        entity.nodeId = registration.nodeId().value();
        entity.dnsNames = registration.dnsNames();
        entity.authorityId = authorityId;
        entity.notBefore = certificate.getNotBefore().toInstant();
        entity.notAfter = certificate.getNotAfter().toInstant();
        entity.issuedAt = clock.instant();
        entity.certificate = Pem.der(certificate);
        issued.persist(entity);
    }
}
