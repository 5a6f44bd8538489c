package io.countersign.ca.server;

import io.countersign.ca.CaSettings;
import io.countersign.ca.Registration;
import io.countersign.ca.authority.Authorities;
import io.countersign.ca.issuance.SvidIssuer;
import io.countersign.ca.issuance.SvidIssuer.Ground;
import io.countersign.identity.RenewalSchedule;
import io.countersign.identity.SvidKeyManager;
import io.countersign.identity.SvidKeys;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.NodeId;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ca-service's own SVID: made in process, kept in memory, renewed at half-life on one virtual thread.
@Singleton
public class ServerSvid {
    private static final Logger LOG = LoggerFactory.getLogger(ServerSvid.class);
    private static final NodeId NODE = new NodeId("ca-service");
    private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

    /// A sleep is no longer than this, so that a clock that was set, or a machine that slept, is noticed.
    private static final Duration SLEEP_MAX = Duration.ofSeconds(30);

    private final CaSettings settings;
    private final Authorities authorities;
    private final SvidIssuer issuer;
    private final SvidKeyManager keyManager;
    private final InstantSource clock;
    private final Thread renewal = Thread.ofVirtual().name("server-svid").unstarted(this::renewForEver);

    ServerSvid(
            CaSettings settings,
            Authorities authorities,
            SvidIssuer issuer,
            SvidKeyManager keyManager,
            InstantSource clock) {
        this.settings = settings;
        this.authorities = authorities;
        this.issuer = issuer;
        this.keyManager = keyManager;
        this.clock = clock;
    }

    /// Makes the first one, then sees to the next ones.
    void start() {
        renew();
        renewal.start();
    }

    @PreDestroy
    void stop() {
        renewal.interrupt();
    }

    /// A new key and a new certificate, shown from the next handshake on.
    public X509Svid renew() {
        var keys = SvidKeys.generate();
        var registration = new Registration(settings.ownSpiffeId(), NODE, settings.dnsNames());
        var chain = new ArrayList<X509Certificate>();
        chain.add(issuer.issue(registration, keys.getPublic(), Ground.OWN));
        // The authorities follow, so that a node that has only their hash can compare.
        chain.addAll(authorities.bundle().trustedCertificates());
        var svid = X509Svid.of(chain, keys.getPrivate());
        keyManager.use(svid);
        return svid;
    }

    private void renewForEver() {
        var end = clock.instant().plus(settings.svidLifetime());
        var next = RenewalSchedule.STANDARD.renewAt(clock.instant(), end, RANDOM);
        var failures = 0;
        try {
            while (true) {
                sleepUntil(next);
                try {
                    end = renew().notAfter();
                    failures = 0;
                    next = RenewalSchedule.STANDARD.renewAt(clock.instant(), end, RANDOM);
                } catch (RuntimeException e) {
                    // The database may be away; the present SVID holds for as long again.
                    failures++;
                    LOG.atError().setCause(e).addKeyValue("notAfter", end).log("own svid not renewed, will try again");
                    var left = Duration.between(clock.instant(), end);
                    next = clock.instant().plus(RenewalSchedule.STANDARD.retryAfter(failures, left, RANDOM));
                }
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("own svid is no longer renewed");
            Thread.currentThread().interrupt();
        }
    }

    private void sleepUntil(Instant moment) throws InterruptedException {
        for (var left = Duration.between(clock.instant(), moment);
                left.isPositive();
                left = Duration.between(clock.instant(), moment)) {
            Thread.sleep(left.compareTo(SLEEP_MAX) < 0 ? left : SLEEP_MAX);
        }
    }
}
