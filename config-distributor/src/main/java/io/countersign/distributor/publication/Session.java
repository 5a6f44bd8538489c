package io.countersign.distributor.publication;

import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// One life of the distributor in one role. The one writer opens its producer, which fences its predecessor, and only
/// then reads everything, its own topics too, so that what it reads is final; a replica that stands by just reads. It
/// ends with the first failure.
final class Session implements AutoCloseable {
    static final List<Topic> TOPICS = List.of(
            TopicCatalogue.RESOURCES,
            TopicCatalogue.NODES,
            TopicCatalogue.TRUST,
            TopicCatalogue.CONFIG,
            TopicCatalogue.DISTRIBUTION);

    private final Optional<TransactionalPublisher> publisher;
    private final ProjectionConsumer consumer;
    private final TopicFollower follower;

    private Session(Optional<TransactionalPublisher> publisher, ProjectionConsumer consumer, TopicFollower follower) {
        this.publisher = publisher;
        this.consumer = consumer;
        this.follower = follower;
    }

    /// @param before what the last session knew
    /// @param writes whether this is the one writer
    static Session open(
            Map<String, Object> bus,
            PublicationSettings settings,
            InstantSource clock,
            DistributorMetrics metrics,
            DistributorSnapshot before,
            boolean writes) {
        var publisher =
                writes ? Optional.of(TransactionalPublisher.open(bus)) : Optional.<TransactionalPublisher>empty();
        try {
            var engine = writes
                    ? new DistributorEngine(settings.progressInterval(), settings.transitionMax())
                    : DistributorEngine.standingBy();
            engine.remember(before);
            var consumer = new ProjectionConsumer(engine, publisher, clock, metrics);
            var follower = TopicFollower.start(
                    FollowerSettings.of(
                                    TransactionalPublisher.TRANSACTIONAL_ID,
                                    bus,
                                    TOPICS.stream().map(Topic::name).toList())
                            .withTopicCheckInterval(settings.topicCheckInterval()),
                    consumer);
            return new Session(publisher, consumer, follower);
        } catch (RuntimeException e) {
            publisher.ifPresent(TransactionalPublisher::close);
            throw e;
        }
    }

    boolean writes() {
        return publisher.isPresent();
    }

    DistributorSnapshot snapshot() {
        return consumer.snapshot();
    }

    Standing standing() {
        return consumer.standing();
    }

    CompletableFuture<Throwable> stopped() {
        return consumer.stopped();
    }

    @Override
    public void close() {
        follower.close();
        publisher.ifPresent(TransactionalPublisher::close);
    }
}
