package io.countersign.dataplane.tls;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.tls.SwapOutcome.Applied;
import io.countersign.dataplane.tls.SwapOutcome.Rejected;
import io.countersign.dataplane.tls.SwapOutcome.Unchanged;
import io.countersign.identity.SvidVerifier;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The contexts in force: one reference, which every handshake reads, and the one way to change it. Swaps run one after
/// another on a thread of their own; a refused one leaves the last good contexts in force. All but the first, which is
/// waited for, give way to the event loops; what is withdrawn waits for no swap.
public final class LiveTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveTls.class);

    private final EventLoops loops;
    private final InstantSource clock;
    private final HandshakeRules rules;
    private final HandshakeRehearsal rehearsal;
    private final ExecutorService swaps = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("tls-swap").factory());
    private volatile @Nullable TlsContexts current;
    private volatile Withdrawals withdrawals = Withdrawals.NONE;
    private volatile Runnable onWithdrawal = () -> {};

    public LiveTls(EventLoops loops, InstantSource clock) {
        this(loops, clock, PostQuantum.PREFERRED);
    }

    public LiveTls(EventLoops loops, InstantSource clock, PostQuantum postQuantum) {
        this.loops = loops;
        this.clock = clock;
        this.rules = new HandshakeRules(clock, () -> withdrawals, new TicketKeys(clock), postQuantum);
        this.rehearsal = new HandshakeRehearsal(rules);
    }

    /// The contexts for the next handshake; empty before the first material and once the certificate has ended: then
    /// handshakes are refused, and connections that are open are drained.
    public Optional<TlsContexts> current() {
        var contexts = current;
        return contexts != null && contexts.isUsableAt(clock.instant()) ? Optional.of(contexts) : Optional.empty();
    }

    /// Whether the certificates of a connection that is made now, ours and the peer's, have not ended; to be asked as
    /// long as it is open.
    public BooleanSupplier lasting(PeerIdentity peer) {
        var contexts = current;
        var own = contexts == null
                ? peer.notAfter()
                : contexts.material().digest().notAfter();
        var end = Math.min(own.toEpochMilli(), peer.notAfter().toEpochMilli());
        return () -> clock.millis() < end;
    }

    /// Builds, validates, rehearses and publishes. The future ends when the material is in force on every event loop or
    /// was refused; exceptionally only where this was closed.
    public CompletableFuture<SwapOutcome> swap(TlsMaterial material) {
        return CompletableFuture.supplyAsync(() -> apply(material), swaps);
    }

    /// The newest bundle. What stands under no authority of it is refused from now on; [#swap] puts in force what it
    /// adds. For any thread.
    public synchronized void trust(TrustBundle newest) {
        if (!withdrawals.bundle().equals(Optional.of(newest))) {
            withdraw(withdrawals.with(newest));
        }
    }

    /// All that is revoked; refused from now on. For any thread.
    public synchronized void revoke(Revocations all) {
        withdraw(withdrawals.with(all));
    }

    /// Whether a peer would be refused that was let in before.
    public boolean isWithdrawn(PeerIdentity peer) {
        return withdrawals.fault(peer).isPresent();
    }

    /// Tells of withdrawals, each time once handshakes refuse what is withdrawn.
    public void onWithdrawal(Runnable listener) {
        onWithdrawal = listener;
    }

    @Override
    public void close() {
        swaps.shutdownNow();
    }

    private void withdraw(Withdrawals after) {
        var before = withdrawals;
        withdrawals = after;
        if (before.trustsMoreThan(after)) {
            rules.tickets().forget();
        }
        var contexts = current;
        if (contexts != null) {
            contexts.forgetSessions();
        }
        onWithdrawal.run();
    }

    /// Whatever breaks, somebody hears of it: who waits for the outcome would wait for ever.
    private SwapOutcome apply(TlsMaterial material) {
        try {
            return judgeAndPublish(material);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("tls swap broke off, the last good material stays in force");
            return new Rejected(RejectionReason.INTERNAL_ERROR, RootCause.message(e));
        }
    }

    private SwapOutcome judgeAndPublish(TlsMaterial material) {
        if (withdrawals.bundle().stream()
                .noneMatch(known -> known.sequence() >= material.bundle().sequence())) {
            trust(material.bundle());
        }
        var old = current;
        if (old != null && old.material().hasSameContentAs(material)) {
            return new Unchanged();
        }
        // One for all: it judges a chain once, and a signature takes longer than all the rest.
        var verifier = new SvidVerifier(material.bundle());
        var outcome = MaterialValidator.validate(material, verifier, clock.instant())
                .<SwapOutcome>map(rejected -> rejected)
                .orElseGet(() -> publish(material, verifier, old));
        log(outcome);
        return outcome;
    }

    private SwapOutcome publish(TlsMaterial material, SvidVerifier verifier, @Nullable TlsContexts old) {
        try {
            var next = TlsContexts.build(material, verifier, old == null ? 1 : old.generation() + 1, rules);
            var failure = rehearsal.failure(next, old);
            if (failure.isPresent()) {
                return new Rejected(RejectionReason.HANDSHAKE_FAILED, failure.get());
            }
            current = next;
            loops.passed().join();
            EventLoops.giveWay();
            return new Applied(material.digest());
        } catch (SSLException | IllegalStateException e) {
            return new Rejected(RejectionReason.HANDSHAKE_FAILED, RootCause.message(e));
        }
    }

    private static void log(SwapOutcome outcome) {
        switch (outcome) {
            case Applied(var digest) ->
                LOG.atInfo()
                        .addKeyValue("serial", digest.serial())
                        .addKeyValue("notAfter", digest.notAfter())
                        .addKeyValue("trustSequence", digest.trustSequence())
                        .log("tls material applied");
            case Rejected(var reason, var detail) ->
                LOG.atError()
                        .addKeyValue("errorCode", reason)
                        .addKeyValue("detail", detail)
                        .log("tls material rejected, the last good one stays in force");
            case Unchanged() -> LOG.atDebug().log("tls material unchanged");
        }
    }
}
