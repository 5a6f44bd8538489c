package io.countersign.dataplane.view;

import io.countersign.events.RevocationCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands on what the bus says of trust and of revocations, at once, whatever happens to config. Nothing is trusted,
/// and nothing that was revoked is let in again, because of a record that cannot be read, of a tombstone, or of a
/// topic that is another. Everything but the waiting belongs to the follower's thread.
public final class TrustApplier implements FollowerListener {
    /// What the applier needs to follow.
    public static final List<String> TOPICS = List.of(TopicCatalogue.TRUST.name(), TopicCatalogue.REVOCATIONS.name());

    private static final Logger LOG = LoggerFactory.getLogger(TrustApplier.class);

    private final TrustDomain trustDomain;
    private final TrustListener listener;
    private final InstantSource clock;
    private final CountDownLatch first = new CountDownLatch(1);
    private @Nullable TrustBundle bundle;
    private Revocations revocations = Revocations.NONE;
    /// What the listener has taken.
    private @Nullable TrustBundle toldBundle;
    private Revocations toldRevocations = Revocations.NONE;
    private KeptRecords kept = KeptRecords.NONE;
    private volatile Optional<Applied> applied = Optional.empty();
    private volatile Optional<String> stopped = Optional.empty();
    private volatile Optional<String> refused = Optional.empty();

    /// An applier for one trust domain.
    ///
    /// @param listener is given the domain's newest readable bundle, and what is revoked, read to the end or not
    public TrustApplier(TrustDomain trustDomain, TrustListener listener, InstantSource clock) {
        this.trustDomain = trustDomain;
        this.listener = listener;
        this.clock = clock;
    }

    /// Takes up what an earlier run applied, before anything is followed.
    ///
    /// @return the positions to go on from
    public Map<String, TopicPosition> resume(ConfigCopy copy) {
        copy.records(TOPICS).forEach(this::apply);
        tell();
        applied = Optional.of(new Applied(copy.positions(TOPICS), kept));
        return copy.resumable(clock.instant()) ? copy.positions(TOPICS) : Map.of();
    }

    /// The copy with what is trusted and revoked now; empty before that was read to its end.
    public Optional<ConfigCopy> completed(ConfigCopy copy) {
        return applied.map(last -> copy.with(last.positions(), last.kept().all()));
    }

    /// Why trust and revocations are not followed; empty while all goes well. For any thread.
    public Optional<String> trouble() {
        return stopped.or(() -> refused);
    }

    /// Waits until both topics were read to their end.
    public void awaitFirst() throws InterruptedException {
        first.await();
    }

    @Override
    public void onBatch(FollowedBatch batch) {
        batch.records().forEach(this::apply);
        tell();
        if (first.getCount() == 0) {
            applied = Optional.of(new Applied(batch.positions(), kept));
        }
    }

    /// Nothing hangs on the order here.
    @Override
    public void onUnreadableKey(String topic, long offset) {
        unreadableKey(topic, offset, "no text (expected: UTF-8)");
    }

    @Override
    public void onCaughtUp(Map<String, TopicPosition> positions) {
        // What the listener did not take before another follower began, it is given now.
        tell();
        applied = Optional.of(new Applied(positions, kept));
        stopped = Optional.empty();
        first.countDown();
    }

    /// What is in force stays so.
    @Override
    public void onReset(TopicReset reset) {}

    @Override
    public void onTrouble(Optional<String> reason) {
        refused = reason.map(each -> "trust and revocations cannot be read: " + each);
    }

    @Override
    public void onStopped(Throwable failure) {
        stopped = Optional.of("trust and revocations are not followed: " + failure);
    }

    /// Once, of the newest: each change makes new contexts and looks at every connection. What is withdrawn goes first.
    private void tell() {
        var revoked = revocations;
        if (!revoked.equals(toldRevocations)) {
            listener.onRevocations(revoked);
            toldRevocations = revoked;
        }
        var newest = bundle;
        if (newest != null && !newest.equals(toldBundle)) {
            listener.onBundle(newest);
            toldBundle = newest;
        }
    }

    private void apply(FollowedRecord followed) {
        if (followed.topic().equals(TopicCatalogue.REVOCATIONS.name())) {
            applyRevocation(followed);
        } else if (followed.key().equals(trustDomain.name())) {
            applyTrust(followed);
        }
    }

    private void applyTrust(FollowedRecord followed) {
        var value = followed.value();
        if (value == null) {
            LOG.atError()
                    .addKeyValue("trustDomain", trustDomain)
                    .log("trust bundle withdrawn, the last one stays in force");
            return;
        }
        try {
            var read = TrustBundleCodec.decode(value);
            var known = bundle;
            if (known != null && read.sequence() < known.sequence()) {
                LOG.atError()
                        .addKeyValue("trustDomain", trustDomain)
                        .addKeyValue("offset", followed.offset())
                        .log("trust bundle is older than the one in force, which stays");
                return;
            }
            bundle = read;
            keep(followed);
        } catch (RuntimeException e) {
            unreadable(followed, e);
        }
    }

    private void applyRevocation(FollowedRecord followed) {
        Optional<RevocationKey> key;
        try {
            key = RevocationKey.parse(followed.key());
        } catch (RuntimeException e) {
            unreadableKey(followed.topic(), followed.offset(), e.getMessage());
            return;
        }
        // A kind that this version does not know is not ours to use.
        key.ifPresentOrElse(known -> applyRevocation(known, followed), () -> keep(followed));
    }

    /// Nothing is lifted here by a reset of the topic, a tombstone or a record that cannot be read.
    private void applyRevocation(RevocationKey key, FollowedRecord followed) {
        var value = followed.value();
        if (value == null) {
            revocations = revocations.forget(key, clock.instant());
            if (!revocations.newest().containsKey(key)) {
                keep(followed);
            }
            return;
        }
        try {
            revocations = revocations.apply(RevocationCodec.decode(key, value));
            keep(followed);
        } catch (RuntimeException e) {
            // Whatever broke: what cannot be read revokes.
            revocations = revocations.unreadable(key);
            unreadable(followed, e);
        }
    }

    private void keep(FollowedRecord followed) {
        kept = followed.value() == null ? kept.without(followed) : kept.withReadable(followed);
    }

    private void unreadable(FollowedRecord followed, RuntimeException e) {
        kept = kept.withUnreadable(followed);
        LOG.atError()
                .addKeyValue("topic", followed.topic())
                .addKeyValue("offset", followed.offset())
                .addKeyValue("reason", e.toString())
                .log("record cannot be read, the last good one stays in force");
    }

    private static void unreadableKey(String topic, long offset, @Nullable String reason) {
        LOG.atError()
                .addKeyValue("topic", topic)
                .addKeyValue("offset", offset)
                .addKeyValue("reason", reason)
                .log("record's key cannot be read");
    }

    private record Applied(Map<String, TopicPosition> positions, KeptRecords kept) {}
}
