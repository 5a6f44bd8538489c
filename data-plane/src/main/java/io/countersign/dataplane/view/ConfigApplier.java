package io.countersign.dataplane.view;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.events.ConfigCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.UnreadableRecord;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.view.MeshView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies what the bus says of config to the view. Nothing is published before the topic was read to its end, and
/// after a reset the whole view is replaced in one step. A record that cannot be read leaves its key's last good one
/// in force. Everything but the waiting belongs to the follower's thread. What is trusted and what is revoked is
/// [TrustApplier]'s, which whatever happens here does not hold up.
public final class ConfigApplier implements FollowerListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigApplier.class);

    /// What the applier needs to follow.
    public static final List<String> TOPICS = List.of(TopicCatalogue.CONFIG.name());

    /// So long a topic whose order is doubtful is left alone; somebody may have put it right then.
    static final Duration DOUBT = Duration.ofMinutes(1);

    private final TrustDomain trustDomain;
    private final EventLoops loops;
    private final LiveView live;
    private final Consumer<AppliedConfig> inForce;
    private final InstantSource clock;
    private final CountDownLatch first = new CountDownLatch(1);
    private final TreeMap<ConfigKey, String> rejected = new TreeMap<>();
    private MeshView view = MeshView.EMPTY;
    private KeptRecords kept = KeptRecords.NONE;
    private volatile Optional<Published> published = Optional.empty();
    private boolean caughtUp;
    /// The topic is another, and nothing of it is in force yet.
    private boolean replacing;
    private Optional<Doubt> doubt = Optional.empty();
    /// Stays until the topic was read to its end again.
    private volatile Optional<String> trouble = Optional.empty();
    /// Of the bus, not of what it says.
    private volatile Optional<String> refused = Optional.empty();

    /// An applier for one trust domain.
    ///
    /// @param inForce is told of a position once every event loop has passed what lies before it, on any thread
    public ConfigApplier(
            TrustDomain trustDomain,
            EventLoops loops,
            LiveView live,
            Consumer<AppliedConfig> inForce,
            InstantSource clock) {
        this.trustDomain = trustDomain;
        this.loops = loops;
        this.live = live;
        this.inForce = inForce;
        this.clock = clock;
    }

    /// Takes up what an earlier run applied, before anything is followed. A young copy is gone on from; behind an old
    /// one everything is read from the start, and then replaces it in one step.
    ///
    /// @return the positions to go on from
    public Map<String, TopicPosition> resume(ConfigCopy copy) {
        copy.records(TOPICS).forEach(this::apply);
        putInForce(copy.positions(TOPICS), copy.savedAt());
        var positions = copy.resumable(clock.instant()) ? copy.positions(TOPICS) : Map.<String, TopicPosition>of();
        if (positions.isEmpty()) {
            LOG.atInfo().addKeyValue("workloads", view.workloads().size()).log("config served from its old copy");
            replaceAll();
        } else {
            LOG.atInfo().addKeyValue("workloads", view.workloads().size()).log("config resumed from its copy");
        }
        return positions;
    }

    /// What was published last, for the disk; empty before there is anything.
    public Optional<ConfigCopy> copy() {
        return published.map(last -> new ConfigCopy(trustDomain, last.at, last.positions, last.kept.all()));
    }

    /// Why no change of config is applied any more, and what is in force stays; empty while all goes well. For any
    /// thread.
    public Optional<String> trouble() {
        return trouble.or(() -> refused);
    }

    /// Everything will be read from the start by another follower; what is in force stays so until then, and so does
    /// [#trouble]. Called while none runs.
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
        batch.records().forEach(this::apply);
        if (caughtUp) {
            publish(batch.positions());
        }
    }

    /// It may be any key's next record.
    @Override
    public void onUnreadableKey(String topic, long offset) {
        doubtful(topic, offset, "its key is no text (expected: UTF-8)");
    }

    @Override
    public void onTick() {
        if (doubt.filter(since -> clock.instant().isAfter(since.at().plus(DOUBT)))
                .isPresent()) {
            throw new IllegalStateException("config is read anew: " + trouble().orElse(""));
        }
    }

    @Override
    public void onTrouble(Optional<String> reason) {
        refused = reason.map(each -> "config cannot be read: " + each);
        published.ifPresent(last -> tell(last.positions()));
    }

    /// Nothing is applied until the next follower has read the topic to its end.
    @Override
    public void onStopped(Throwable failure) {
        if (trouble.isEmpty()) {
            trouble = Optional.of("config is not followed: " + failure);
            published.ifPresent(last -> tell(last.positions()));
        }
    }

    @Override
    public void onCaughtUp(Map<String, TopicPosition> positions) {
        caughtUp = true;
        publish(positions);
        trouble = doubt.map(Doubt::reason);
        LOG.atInfo()
                .addKeyValue("workloads", view.workloads().size())
                .addKeyValue("services", view.services().size())
                .log("config read to its end");
    }

    @Override
    public void onReset(TopicReset reset) {
        replaceAll();
    }

    /// What is in force stays so until the topic was read anew.
    private void replaceAll() {
        view = MeshView.EMPTY;
        rejected.clear();
        kept = KeptRecords.NONE;
        doubt = Optional.empty();
        caughtUp = false;
        replacing = true;
    }

    private void apply(FollowedRecord followed) {
        if (doubt.filter(since -> followed.offset() > since.offset()).isPresent()) {
            return;
        }
        try {
            // A kind that this version does not know is not ours to use.
            ConfigKey.parse(followed.key()).ifPresentOrElse(key -> apply(key, followed), () -> keep(followed));
        } catch (InvalidInput e) {
            doubtful(followed.topic(), followed.offset(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A fault of ours, or a record that nobody has thought of: what it would have said is not known.
            LOG.atError().setCause(e).addKeyValue("offset", followed.offset()).log("record breaks what reads it");
            doubtful(followed.topic(), followed.offset(), e.toString());
        }
    }

    /// Nothing behind it is applied, whatever comes.
    private void doubtful(String topic, long offset, String reason) {
        LOG.atError()
                .addKeyValue("topic", topic)
                .addKeyValue("offset", offset)
                .addKeyValue("reason", reason)
                .log("nothing behind this record is put in force");
        if (doubt.filter(earlier -> earlier.offset() <= offset).isEmpty()) {
            var said = "nothing after offset %d is in force: %s".formatted(offset, reason);
            doubt = Optional.of(new Doubt(offset, clock.instant(), said));
            trouble = Optional.of(said);
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
        replacing = false;
        live.publish(view);
        published = Optional.of(new Published(at, Map.of(TopicCatalogue.CONFIG.name(), reached), kept));
        first.countDown();
        trouble = doubt.map(Doubt::reason);
        tell(published.orElseThrow().positions());
    }

    /// A report says "in force": what an event loop decided with the old view must be over by then.
    private void tell(Map<String, TopicPosition> positions) {
        var reached = Objects.requireNonNull(positions.get(TopicCatalogue.CONFIG.name()), "it was put in force");
        var refusals = new TreeMap<>(rejected);
        trouble().ifPresent(reason -> refusals.put(ConfigKey.MESH, reason));
        var applied = new AppliedConfig(reached.topicId(), reached.offset(), refusals);
        var _ = loops.passed().thenRun(() -> inForce.accept(applied));
    }

    /// From where on the topic's order is doubtful.
    private record Doubt(long offset, Instant at, String reason) {}

    private record Published(Instant at, Map<String, TopicPosition> positions, KeptRecords kept) {}
}
