package io.countersign.dataplane.tls;

import io.countersign.dataplane.tls.SwapOutcome.Applied;
import io.countersign.dataplane.tls.SwapOutcome.Rejected;
import io.countersign.dataplane.tls.SwapOutcome.Unchanged;
import io.countersign.identity.SvidListener;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.TrustBundle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Joins the two sources of TLS material: SVIDs from the renewer, trust from the renewer and from the bus, of which the
/// newest holds. Each change is offered to [LiveTls], one after another; of those that come during a swap only the
/// newest, since a topic read from its start may hold many. For any thread.
public final class NodeIdentity implements SvidListener {
    private static final Logger LOG = LoggerFactory.getLogger(NodeIdentity.class);

    /// What was no verdict on the material may go well the next time.
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final LiveTls tls;
    private final Consumer<TlsMaterialDigest> inForce;
    private final CountDownLatch first = new CountDownLatch(1);
    private @Nullable X509Svid svid;
    private @Nullable TrustBundle bundle;
    private boolean swapping;
    private @Nullable TlsMaterial waiting;

    /// An identity that has nothing yet.
    ///
    /// @param inForce is told, on any thread, of what every event loop has passed
    public NodeIdentity(LiveTls tls, Consumer<TlsMaterialDigest> inForce) {
        this.tls = tls;
        this.inForce = inForce;
    }

    @Override
    public void onSvid(X509Svid renewed, TrustBundle renewedBundle) {
        offer(renewed, renewedBundle);
    }

    /// Trust came over the bus.
    public void trust(TrustBundle changed) {
        offer(null, changed);
    }

    /// Waits until there is material in force.
    public void awaitFirst() throws InterruptedException {
        first.await();
    }

    /// Waits for it for a while.
    ///
    /// @return whether there is any by then
    public boolean awaitFirst(Duration timeout) throws InterruptedException {
        return first.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void offer(@Nullable X509Svid newSvid, TrustBundle offered) {
        if (newSvid != null) {
            svid = newSvid;
        }
        if (bundle == null || offered.sequence() >= bundle.sequence()) {
            bundle = offered;
            // At once, and even where the swap is refused because our own certificate is of a dropped authority.
            tls.trust(offered);
        }
        if (svid == null) {
            return;
        }
        var material = new TlsMaterial(svid, bundle);
        if (swapping) {
            waiting = material;
        } else {
            swap(material);
        }
    }

    private synchronized void swap(TlsMaterial material) {
        swapping = true;
        var _ = tls.swap(material)
                .thenAccept(outcome -> told(outcome, material.digest()))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        LOG.atError().setCause(failure).log("tls swap was not told of");
                        retry();
                    }
                    swapNext();
                });
    }

    private void retry() {
        CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::swapAgain);
    }

    private synchronized void swapAgain() {
        if (!swapping && svid != null && bundle != null) {
            swap(new TlsMaterial(svid, bundle));
        }
    }

    private synchronized void swapNext() {
        var next = waiting;
        waiting = null;
        swapping = false;
        if (next != null) {
            swap(next);
        }
    }

    private void told(SwapOutcome outcome, TlsMaterialDigest digest) {
        switch (outcome) {
            case Applied _, Unchanged() -> {
                inForce.accept(digest);
                first.countDown();
            }
            case Rejected rejected -> {
                // Logged by the swap; the last good material stays in force and in the report.
                if (rejected.reason() == RejectionReason.INTERNAL_ERROR) {
                    retry();
                }
            }
        }
    }
}
