package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.TrustBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets the process's SVID and keeps it fresh until closed: from the files of an earlier run where they still hold,
/// else by the join token; then renews at half-life, for ever. A failure is logged and tried again, and never touches
/// the SVID in use. One virtual thread does all of it.
public final class SvidRenewer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SvidRenewer.class);

    /// A sleep is no longer than this, so that a clock that was set, or a machine that slept, is noticed.
    private static final Duration SLEEP_MAX = Duration.ofMinutes(1);

    /// With an SVID from its files a process serves before it spends anything on the next one.
    private static final Duration RESUMED_PAUSE = Duration.ofSeconds(2);

    /// The problem's type by which ca-service says that the SVID itself is not accepted.
    private static final String SVID_REFUSED = "svid-refused";

    private final IdentitySettings settings;
    private final SvidSource source;
    private final SvidListener listener;
    private final RenewalSchedule schedule;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Sleeper sleeper;
    private final Optional<SvidFiles> files;
    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicReference<@Nullable IssuedSvid> current = new AtomicReference<>();
    private final Thread thread;

    /// How the loop waits.
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /// The key of the first SVID, kept over failed attempts: the token is spent on it. Owned by the thread.
    private @Nullable KeyPair joinKeys;

    /// A renewer against the ca-service of the settings.
    public SvidRenewer(IdentitySettings settings, SvidListener listener) {
        this(
                settings,
                new CaClient(settings, InstantSource.system()),
                listener,
                RenewalSchedule.STANDARD,
                InstantSource.system(),
                RandomGenerator.getDefault(),
                Thread::sleep);
    }

    SvidRenewer(
            IdentitySettings settings,
            SvidSource source,
            SvidListener listener,
            RenewalSchedule schedule,
            InstantSource clock,
            RandomGenerator random,
            Sleeper sleeper) {
        this.settings = settings;
        this.source = source;
        this.listener = listener;
        this.schedule = schedule;
        this.clock = clock;
        this.random = random;
        this.sleeper = sleeper;
        this.files = settings.directory().map(SvidFiles::new);
        this.thread = Thread.ofVirtual().name("svid-renewer").unstarted(this::run);
    }

    /// Begins; returns at once.
    public void start() {
        thread.start();
    }

    /// The SVID in use and the newest bundle known; empty before the first.
    public Optional<IssuedSvid> current() {
        return Optional.ofNullable(current.get());
    }

    /// Waits for the first SVID.
    ///
    /// @return empty when there is none in that time
    public Optional<IssuedSvid> awaitFirst(Duration timeout) throws InterruptedException {
        if (!first.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.atDebug().addKeyValue("timeout", timeout).log("no svid yet");
        }
        return current();
    }

    /// Tells of a newer bundle that came another way: the next renewal judges ca-service by it. An older one, or
    /// another domain's, changes nothing. For any thread.
    public void trust(TrustBundle bundle) {
        var before = current.getAndUpdate(known ->
                known == null || !isNewer(bundle, known.bundle()) ? known : new IssuedSvid(known.svid(), bundle));
        if (before != null && isNewer(bundle, before.bundle())) {
            files.ifPresent(stored -> persist(() -> stored.writeRoots(bundle)));
        }
    }

    /// Ends the loop; the SVID stays as it is.
    @Override
    public void close() {
        thread.interrupt();
    }

    private static boolean isNewer(TrustBundle bundle, TrustBundle known) {
        return bundle.trustDomain().equals(known.trustDomain()) && bundle.sequence() > known.sequence();
    }

    private void run() {
        try {
            var next = resume();
            var failures = 0;
            while (!Thread.currentThread().isInterrupted()) {
                sleepUntil(next);
                if (attempt()) {
                    failures = 0;
                    next = renewal();
                } else {
                    failures++;
                    next = clock.instant().plus(schedule.retryAfter(failures, left(), random));
                }
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("svid renewer ended");
            Thread.currentThread().interrupt();
        }
    }

    /// Takes up the files of an earlier run, if they are ours and still hold.
    private Instant resume() {
        var now = clock.instant();
        var stored = files.flatMap(SvidRenewer::readOrNothing)
                .filter(issued -> issued.svid().spiffeId().equals(settings.spiffeId()))
                .filter(issued -> issued.svid().notAfter().isAfter(now));
        if (stored.isEmpty()) {
            return now;
        }
        current.set(stored.get());
        tell(stored.get());
        LOG.atInfo()
                .addKeyValue("spiffeId", settings.spiffeId())
                .addKeyValue("serial", stored.get().svid().serialHex())
                .log("svid resumed from files");
        var left = Duration.between(now, stored.get().svid().notAfter());
        return now.plus(left.compareTo(RESUMED_PAUSE.multipliedBy(2)) < 0 ? left.dividedBy(2) : RESUMED_PAUSE);
    }

    private static Optional<IssuedSvid> readOrNothing(SvidFiles files) {
        try {
            return files.read();
        } catch (UncheckedIOException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("svid files not readable");
            return Optional.empty();
        }
    }

    private Instant renewal() {
        var issued = current.get();
        var now = clock.instant();
        return issued == null ? now : schedule.renewAt(now, issued.svid().notAfter(), random);
    }

    private Duration left() {
        var issued = current.get();
        return issued == null
                ? Duration.ZERO
                : Duration.between(clock.instant(), issued.svid().notAfter());
    }

    private void sleepUntil(Instant moment) throws InterruptedException {
        for (var now = clock.instant(); now.isBefore(moment); now = clock.instant()) {
            var left = Duration.between(now, moment);
            sleeper.sleep(left.compareTo(SLEEP_MAX) < 0 ? left : SLEEP_MAX);
        }
    }

    private boolean attempt() {
        try {
            return switch (ask()) {
                case CaAnswer.Issued(var issued) -> {
                    accept(issued);
                    yield true;
                }
                case CaAnswer.Refused(var status, var code, var detail) ->
                    failed(code, "status " + status + ", " + detail);
                case CaAnswer.Unreachable(var reason) -> failed("unreachable", reason);
            };
        } catch (RuntimeException e) {
            // The loop outlives whatever goes wrong in it: without it the SVID would run out in silence.
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("spiffeId", settings.spiffeId())
                    .log("svid attempt broke off");
            return false;
        }
    }

    private CaAnswer ask() {
        var present = current.get();
        if (present == null) {
            return join(joinKeys());
        }
        var own =
                new KeyPair(present.svid().leaf().getPublicKey(), present.svid().privateKey());
        if (present.svid().notAfter().isAfter(clock.instant())) {
            var answer = source.renew(present, SvidKeys.generate());
            return answer instanceof CaAnswer.Refused refused && refused.code().equals(SVID_REFUSED)
                    ? joinInstead(refused, own)
                    : answer;
        }
        // An SVID that has ended renews with its own key only; where that is refused a fresh token may have come.
        var answer = source.renew(present, own);
        return answer instanceof CaAnswer.Issued ? answer : join(joinKeys());
    }

    /// The authority does not accept the present SVID: its database was restored from before it was issued, for one.
    /// A token is the only other proof. With the present key it may also be the one that was spent on it.
    private CaAnswer joinInstead(CaAnswer.Refused refused, KeyPair own) {
        var answer = join(own);
        return switch (answer) {
            case CaAnswer.Issued _ -> answer;
            case CaAnswer.Refused other -> alsoRefused(refused, other.detail());
            case CaAnswer.Unreachable(var reason) -> alsoRefused(refused, reason);
        };
    }

    private static CaAnswer alsoRefused(CaAnswer.Refused refused, String detail) {
        return new CaAnswer.Refused(refused.status(), refused.code(), refused.detail() + "; instead: " + detail);
    }

    private KeyPair joinKeys() {
        var keys = joinKeys;
        if (keys == null) {
            keys = SvidKeys.generate();
            joinKeys = keys;
        }
        return keys;
    }

    private CaAnswer join(KeyPair keys) {
        try {
            return source.join(JoinToken.parse(Files.readString(settings.joinTokenFile())), keys);
        } catch (IOException e) {
            return new CaAnswer.Unreachable("join token file " + settings.joinTokenFile() + ": not readable");
        } catch (InvalidInput e) {
            return new CaAnswer.Unreachable("join token file holds no join token: " + e.getMessage());
        }
    }

    private void accept(IssuedSvid issued) {
        joinKeys = null;
        current.set(issued);
        files.ifPresent(stored -> persist(() -> stored.write(issued)));
        LOG.atInfo()
                .addKeyValue("spiffeId", issued.svid().spiffeId())
                .addKeyValue("serial", issued.svid().serialHex())
                .addKeyValue("notAfter", issued.svid().notAfter())
                .log("svid obtained");
        tell(issued);
    }

    private void persist(Runnable write) {
        try {
            write.run();
        } catch (UncheckedIOException e) {
            // In memory it is in force; only the next start would miss it.
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("spiffeId", settings.spiffeId())
                    .log("svid files not written");
        }
    }

    private void tell(IssuedSvid issued) {
        try {
            listener.onSvid(issued.svid(), issued.bundle());
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("spiffeId", settings.spiffeId())
                    .log("svid listener broke off");
        } finally {
            first.countDown();
        }
    }

    private boolean failed(String code, String reason) {
        LOG.atWarn()
                .addKeyValue("spiffeId", settings.spiffeId())
                .addKeyValue("nodeId", settings.nodeId())
                .addKeyValue("errorCode", code)
                .addKeyValue("reason", reason)
                .log("no new svid, will try again");
        return false;
    }
}
