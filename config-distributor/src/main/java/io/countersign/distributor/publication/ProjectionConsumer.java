package io.countersign.distributor.publication;

import io.countersign.distributor.distribution.ConfigPosition;
import io.countersign.distributor.publication.Standing.Publishing;
import io.countersign.distributor.publication.Standing.Standby;
import io.countersign.distributor.publication.Standing.Waiting;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Puts what is read into the engine and what comes out onto the bus. Whatever a poll brought is one step, so that a
/// burst is published once and a single change at once.
final class ProjectionConsumer implements FollowerListener {
    private final DistributorEngine engine;
    private final Optional<? extends Publisher> publisher;
    private final InstantSource clock;
    private final DistributorMetrics metrics;
    private final CompletableFuture<Throwable> stopped = new CompletableFuture<>();
    private volatile DistributorSnapshot snapshot = DistributorSnapshot.EMPTY;
    private volatile Standing standing = new Waiting("the bus has not been reached");

    ProjectionConsumer(
            DistributorEngine engine,
            Optional<? extends Publisher> publisher,
            InstantSource clock,
            DistributorMetrics metrics) {
        this.engine = engine;
        this.publisher = publisher;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public void onBatch(FollowedBatch batch) {
        batch.records().forEach(engine::fold);
        step();
    }

    /// Nodes may write what they like on their topic; elsewhere the order is doubtful.
    @Override
    public void onUnreadableKey(String topic, long offset) {
        if (topic.equals(TopicCatalogue.NODES.name())) {
            engine.rejectKey(topic, offset);
        } else {
            FollowerListener.super.onUnreadableKey(topic, offset);
        }
    }

    @Override
    public void onCaughtUp(Map<String, TopicPosition> positions) {
        var config = Objects.requireNonNull(positions.get(TopicCatalogue.CONFIG.name()), "config is followed");
        engine.caughtUp(new ConfigPosition(config.topicId(), config.offset()));
        step();
    }

    @Override
    public void onTick() {
        step();
    }

    /// What was folded from the topic may never have been, and what was published on it is gone: all is read anew.
    @Override
    public void onReset(TopicReset reset) {
        throw new TopicLost(reset);
    }

    @Override
    public void onStopped(Throwable failure) {
        stopped.complete(failure);
    }

    Standing standing() {
        return standing;
    }

    /// Completes with the failure when reading has ended by itself.
    CompletableFuture<Throwable> stopped() {
        return stopped;
    }

    DistributorSnapshot snapshot() {
        return snapshot;
    }

    private void step() {
        metrics.step(() -> publisher.ifPresentOrElse(
                writer -> engine.step(clock.instant(), writer), () -> engine.observe(clock.instant())));
        snapshot = engine.snapshot();
        metrics.watch(engine);
        standing = engine.whyNotPublishing()
                .<Standing>map(Waiting::new)
                .orElseGet(() -> publisher.isPresent() ? new Publishing() : new Standby());
    }
}
