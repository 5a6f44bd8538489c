package io.countersign.dataplane.view;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.events.ConfigCodec;
import io.countersign.events.RevocationCodec;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.events.UnreadableRecord;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.view.MeshView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies what the bus says: config to the view, trust to whoever makes the TLS contexts. Nothing is published before
/// the topics were read to their end, and after a reset the whole view is replaced in one step. A record that cannot be
/// read leaves its key's last good one in force. Everything but the waiting belongs to the follower's thread.
public final class ConfigApplier implements FollowerListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigApplier.class);

    /// What the applier needs to follow.
    public static final List<String> TOPICS =
            List.of(TopicCatalogue.CONFIG.name(), TopicCatalogue.TRUST.name(), TopicCatalogue.REVOCATIONS.name());

    /// So long a topic whose order is doubtful is left alone; somebody may have put it right then.
    static final Duration DOUBT = Duration.ofMinutes(1);

    /// Within it no tombstone was dropped yet that the copy has not seen.
    private static final Duration RESUMABLE = Topic.TOMBSTONES_KEPT.dividedBy(2);

    private final TrustDomain trustDomain;
    private final EventLoops loops;
    private final LiveView live;
    private final TrustListener trust;
    private final Consumer<AppliedConfig> inForce;
    private final InstantSource clock;
    private final CountDownLatch first = new CountDownLatch(1);
    private final TreeMap<ConfigKey, String> rejected = new TreeMap<>();
    private MeshView view = MeshView.EMPTY;
    private @Nullable TrustBundle bundle;
    private Revocations revocations = Revocations.NONE;
    private KeptRecords kept = KeptRecords.NONE;
    private volatile Optional<Published> published = Optional.empty();
    private boolean caughtUp;
    /// The topic is another, and nothing of it is in force yet.
    private boolean replacing;
    private volatile Optional<Doubt> doubt = Optional.empty();

    /// An applier for one trust domain.
    ///
    /// @param trust is given the domain's newest readable bundle, and what is revoked, read to the end or not
    /// @param inForce is told of a position once every event loop has passed what lies before it, on any thread
    public ConfigApplier(
            TrustDomain trustDomain,
            EventLoops loops,
            LiveView live,
            TrustListener trust,
            Consumer<AppliedConfig> inForce,
            InstantSource clock) {
        this.trustDomain = trustDomain;
        this.loops = loops;
        this.live = live;
        this.trust = trust;
        this.inForce = inForce;
        this.clock = clock;
    }

    /// Takes up what an earlier run applied, before anything is followed. A young copy is gone on from; behind an old
    /// one everything is read from the start, and then replaces it in one step.
    ///
    /// @return the positions to go on from
    public Map<String, TopicPosition> resume(ConfigCopy copy) {
        apply(copy.records());
        putInForce(copy.positions(), copy.savedAt());
        var age = Duration.between(copy.savedAt(), clock.instant());
        if (!age.isNegative()
                && age.compareTo(RESUMABLE) < 0
                && copy.positions().keySet().containsAll(TOPICS)) {
            LOG.atInfo().addKeyValue("workloads", view.workloads().size()).log("config resumed from its copy");
            return copy.positions();
        }
        LOG.atInfo().addKeyValue("workloads", view.workloads().size()).log("config served from its old copy");
        replaceAll();
        return Map.of();
    }

    /// What was published last, for the disk; empty before there is anything.
    public Optional<ConfigCopy> copy() {
        return published.map(last -> new ConfigCopy(trustDomain, last.at, last.positions, last.kept.all()));
    }

    /// Why no change of config is applied any more, and what is in force stays; empty while all goes well. Trust and
    /// revocations are followed nonetheless. For any thread.
    public Optional<String> doubt() {
        return doubt.map(Doubt::reason);
    }

    /// Everything will be read from the start by another follower; what is in force stays so until then. Called while
    /// none
    /// runs.
    public void startOver() {
        replaceAll();
    }

    /// Whether a whole view was published.
    public boolean hasView() {
        return first.getCount() == 0;
    }

    /// Waits until a whole view was published.
    public void awaitFirst() throws InterruptedException {
        first.await();
    }

    @Override
    public void onBatch(FollowedBatch batch) {
        apply(batch.records());
        if (caughtUp) {
            publish(batch.positions());
        }
    }

    /// Of config it may be any key's next record. Of trust and revocations nothing hangs on the order.
    @Override
    public void onUnreadableKey(String topic, long offset) {
        doubtful(topic, offset, "its key is no text (expected: UTF-8)");
    }

    @Override
    public void onTick() {
        if (doubt.filter(since -> clock.instant().isAfter(since.at().plus(DOUBT)))
                .isPresent()) {
            throw new IllegalStateException("config is read anew: " + doubt().orElse(""));
        }
    }

    @Override
    public void onCaughtUp(Map<String, TopicPosition> positions) {
        caughtUp = true;
        publish(positions);
        LOG.atInfo()
                .addKeyValue("workloads", view.workloads().size())
                .addKeyValue("services", view.services().size())
                .log("config read to its end");
    }

    @Override
    public void onReset(TopicReset reset) {
        if (reset.topic().equals(TopicCatalogue.CONFIG.name())) {
            replaceAll();
        }
    }

    /// What is in force stays so until the topic was read anew.
    private void replaceAll() {
        view = MeshView.EMPTY;
        rejected.clear();
        kept = kept.without(TopicCatalogue.CONFIG.name());
        doubt = Optional.empty();
        caughtUp = false;
        replacing = true;
    }

    /// Trust is told once, of the newest: each change makes new contexts and looks at every connection.
    private void apply(Iterable<FollowedRecord> records) {
        var trusted = bundle;
        var revoked = revocations;
        records.forEach(this::apply);
        var newest = bundle;
        if (newest != null && !newest.equals(trusted)) {
            trust.onBundle(newest);
        }
        if (!revocations.equals(revoked)) {
            trust.onRevocations(revocations);
        }
    }

    private void apply(FollowedRecord followed) {
        try {
            applyByKey(followed);
        } catch (InvalidInput e) {
            doubtful(followed.topic(), followed.offset(), String.valueOf(e.getMessage()));
        }
    }

    private void doubtful(String topic, long offset, String reason) {
        LOG.atError()
                .addKeyValue("topic", topic)
                .addKeyValue("offset", offset)
                .addKeyValue("reason", reason)
                .log("record's key cannot be read");
        if (topic.equals(TopicCatalogue.CONFIG.name())
                && doubt.filter(earlier -> earlier.offset() <= offset).isEmpty()) {
            doubt = Optional.of(new Doubt(
                    offset, clock.instant(), "nothing after offset %d is in force: %s".formatted(offset, reason)));
        }
    }

    private void applyByKey(FollowedRecord followed) {
        if (followed.topic().equals(TopicCatalogue.CONFIG.name())) {
            if (doubt.filter(since -> followed.offset() > since.offset()).isPresent()) {
                return;
            }
            // A kind that this version does not know is not ours to use.
            ConfigKey.parse(followed.key()).ifPresentOrElse(key -> apply(key, followed), () -> keep(followed));
        } else if (followed.topic().equals(TopicCatalogue.REVOCATIONS.name())) {
            RevocationKey.parse(followed.key())
                    .ifPresentOrElse(key -> applyRevocation(key, followed), () -> keep(followed));
        } else if (followed.key().equals(trustDomain.name())) {
            applyTrust(followed);
        }
    }

    private void apply(ConfigKey key, FollowedRecord followed) {
        var value = followed.value();
        if (value == null) {
            view = view.remove(key);
            rejected.remove(key);
            keep(followed);
            return;
        }
        try {
            view = view.apply(ConfigCodec.decode(key, value));
            rejected.remove(key);
            keep(followed);
        } catch (UnreadableRecord e) {
            rejected.put(key, Objects.requireNonNullElse(e.getMessage(), "unreadable"));
            unreadable(followed, e);
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
        } catch (UnreadableRecord e) {
            unreadable(followed, e);
        }
    }

    /// Nothing is lifted here by a reset of the topic, a tombstone or a record that cannot be read.
    private void applyRevocation(RevocationKey key, FollowedRecord followed) {
        var value = followed.value();
        if (value == null) {
            revocations = revocations.forget(key, clock.instant());
            if (!revocations.newest().containsKey(key)) {
                keep(followed);
            }
        } else {
            try {
                revocations = revocations.apply(RevocationCodec.decode(key, value));
                keep(followed);
            } catch (UnreadableRecord e) {
                revocations = revocations.unreadable(key);
                unreadable(followed, e);
            }
        }
    }

    private void keep(FollowedRecord followed) {
        kept = followed.value() == null ? kept.without(followed) : kept.withReadable(followed);
    }

    private void unreadable(FollowedRecord followed, UnreadableRecord e) {
        kept = kept.withUnreadable(followed);
        LOG.atError()
                .addKeyValue("topic", followed.topic())
                .addKeyValue("offset", followed.offset())
                .addKeyValue("reason", e.getMessage())
                .log("record cannot be read, the last good one stays in force");
    }

    private boolean wholeViewIsNew() {
        return replacing || first.getCount() > 0;
    }

    private static boolean decidesForClients(ConfigKey key) {
        return key.kind() == ConfigKey.Kind.RULES || key.kind() == ConfigKey.Kind.MESH;
    }

    private void publish(Map<String, TopicPosition> positions) {
        if (replacing && view.equals(MeshView.EMPTY)) {
            // The topic was lost and is not written anew yet: what is in force stays.
            return;
        }
        if (wholeViewIsNew() && doubt.isPresent()) {
            // It is not known what is missing of it.
            return;
        }
        if (wholeViewIsNew() && rejected.keySet().stream().anyMatch(ConfigApplier::decidesForClients)) {
            // A rule that cannot be read is not taken for absent: without a good one before it nothing is served.
            return;
        }
        putInForce(positions, clock.instant());
    }

    private void putInForce(Map<String, TopicPosition> positions, Instant at) {
        var position = positions.get(TopicCatalogue.CONFIG.name());
        if (position == null) {
            throw new IllegalStateException("no position is known of " + TopicCatalogue.CONFIG.name());
        }
        var reached = doubt.map(since -> new TopicPosition(position.topicId(), since.offset()))
                .orElse(position);
        var places = new HashMap<>(positions);
        places.put(TopicCatalogue.CONFIG.name(), reached);
        var refused = new TreeMap<>(rejected);
        doubt().ifPresent(reason -> refused.put(ConfigKey.MESH, reason));
        replacing = false;
        live.publish(view);
        published = Optional.of(new Published(at, Map.copyOf(places), kept));
        first.countDown();
        var applied = new AppliedConfig(reached.topicId(), reached.offset(), refused);
        // A report says "in force": what an event loop decided with the old view must be over by then.
        var _ = loops.passed().thenRun(() -> inForce.accept(applied));
    }

    /// From where on the topic's order is doubtful.
    private record Doubt(long offset, Instant at, String reason) {}

    private record Published(Instant at, Map<String, TopicPosition> positions, KeptRecords kept) {}
}
