package io.countersign.follower;

import io.countersign.events.RecordOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows partition 0 of some topics from their start (or from given positions), on a thread of its own, and tells a
/// listener every committed record, every move of a position, and when it has caught up.
///
/// There is no consumer group and nothing is committed: who needs to go on from somewhere keeps the positions. A
/// broker that is away, at the start or later, is waited for without end, with pauses of at most half a second; a
/// refused login or a missing topic likewise, since both may be put right. What makes order doubtful is never passed
/// over in silence: a replaced or truncated topic is told and read from its start, and so is a key that cannot be read;
/// whatever the listener throws stops the follower.
public final class TopicFollower implements AutoCloseable {
    static final Duration CLIENT_CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);
    /// A bus that is there and refuses is asked less and less often, down to this.
    private static final Duration REFUSED_PAUSE_MAX = Duration.ofSeconds(2);
    /// Refusals are over when none has come for so long, beside a check's interval: polls between them find nothing.
    private static final Duration REFUSED_FOR = REFUSED_PAUSE_MAX.plusSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    /// A thread that is blocked in its listener is interrupted, and gets this long to end.
    private static final Duration INTERRUPT_TIMEOUT = Duration.ofSeconds(2);

    private final FollowerSettings settings;
    private final FollowerListener listener;
    private final TopicReader reader;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    private volatile boolean caughtUp;
    private volatile Map<String, TopicPosition> positions = Map.of();
    /// Consecutive failures of the bus; owned by the follower's thread.
    private int failures;

    /// Both owned by the follower's thread, as is how often in a row the bus refused.
    private Optional<String> trouble = Optional.empty();

    private long refusedAtNanos;
    private int refusals;

    private TopicFollower(FollowerSettings settings, FollowerListener listener) {
        this.settings = settings;
        this.listener = listener;
        this.reader = new TopicReader(settings);
        this.thread = Thread.ofPlatform().name(settings.name()).daemon(true).unstarted(this::run);
    }

    /// Starts to follow; returns at once, with the broker there or not.
    ///
    /// @throws KafkaException when the client's properties are wrong
    public static TopicFollower start(FollowerSettings settings, FollowerListener listener) {
        var follower = new TopicFollower(settings, listener);
        follower.thread.start();
        return follower;
    }

    /// True from the first [FollowerListener#onCaughtUp] on, but while a topic is read again after a reset.
    public boolean caughtUp() {
        return caughtUp;
    }

    /// False once it has stopped, closed or failed.
    public boolean alive() {
        return thread.isAlive();
    }

    /// Waits until it has stopped, closed or failed.
    public void awaitEnd() throws InterruptedException {
        thread.join();
    }

    /// Where the topics stand, as last told to the listener; empty before the broker was reached first.
    public Map<String, TopicPosition> positions() {
        return positions;
    }

    /// Ends within seven seconds, whatever the listener does; the listener is told no more afterwards. From the
    /// listener itself it only asks for the end.
    @Override
    public void close() {
        closing.countDown();
        reader.wakeup();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            if (!thread.join(CLOSE_TIMEOUT)) {
                thread.interrupt();
                if (!thread.join(INTERRUPT_TIMEOUT)) {
                    LOG.atWarn().addKeyValue("follower", settings.name()).log("follower does not end");
                }
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (reader) {
            while (open()) {
                read().ifPresent(this::tell);
            }
        } catch (Throwable failure) {
            stopped(failure);
        }
    }

    private void stopped(Throwable failure) {
        if (!open()) {
            LOG.atDebug()
                    .setCause(failure)
                    .addKeyValue("follower", settings.name())
                    .log("follower closed");
            return;
        }
        caughtUp = false;
        LOG.atError().setCause(failure).addKeyValue("follower", settings.name()).log("follower stopped");
        listener.onStopped(failure);
    }

    /// What a poll brought; nothing after a failure of the bus, which has been waited out for a moment.
    private Optional<ConsumerRecords<byte[], byte[]>> read() {
        try {
            var polled = reader.read();
            reader.failure().filter(TopicFollower::isRefusal).ifPresent(this::refused);
            healed();
            if (failures > 0) {
                LOG.atInfo().addKeyValue("follower", settings.name()).log("bus reached again");
                failures = 0;
            }
            return Optional.of(polled);
        } catch (WakeupException | InterruptException e) {
            if (open()) {
                throw e;
            }
            return Optional.empty();
        } catch (KafkaException e) {
            pauseAfter(e);
            return Optional.empty();
        }
    }

    private void pauseAfter(KafkaException failure) {
        failures++;
        // The first of a row only: a broker may be away for hours.
        if (failures == 1) {
            LOG.atWarn()
                    .addKeyValue("follower", settings.name())
                    .addKeyValue("failure", failure.toString())
                    .log("bus not reached, trying again");
        }
        var pause = RETRY_PAUSE;
        if (isRefusal(failure)) {
            refused(failure);
            pause = min(RETRY_PAUSE.multipliedBy(1L << Math.min(refusals++, 10)), REFUSED_PAUSE_MAX);
        }
        try {
            var _ = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /// Whether the bus said no; a bus that is away says nothing.
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof AuthorizationException
                || failure instanceof AuthenticationException
                || failure instanceof UnknownTopicOrPartitionException
                || failure instanceof UnknownTopicIdException;
    }

    private void refused(Throwable failure) {
        refusedAtNanos = System.nanoTime();
        var reason = Optional.of(failure.toString());
        if (!reason.equals(trouble)) {
            trouble = reason;
            LOG.atError()
                    .addKeyValue("follower", settings.name())
                    .addKeyValue("failure", failure.toString())
                    .log("bus does not let the topics be read, trying again");
            listener.onTrouble(trouble);
        }
    }

    private void healed() {
        if (trouble.isPresent()
                && System.nanoTime() - refusedAtNanos > refusedFor().toNanos()) {
            trouble = Optional.empty();
            refusals = 0;
            LOG.atInfo().addKeyValue("follower", settings.name()).log("topics can be read again");
            listener.onTrouble(trouble);
        }
    }

    private Duration refusedFor() {
        return REFUSED_FOR.plus(settings.topicCheckInterval());
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void tell(ConsumerRecords<byte[], byte[]> polled) {
        for (var reset : reader.takeResets()) {
            caughtUp = false;
            LOG.atWarn()
                    .addKeyValue("follower", settings.name())
                    .addKeyValue("topic", reset.topic())
                    .addKeyValue("reason", reset.reason())
                    .addKeyValue("before", reset.before())
                    .log("topic is read from its start again");
            listener.onReset(reset);
        }
        positions = reader.positions();
        if (!polled.nextOffsets().isEmpty()) {
            listener.onBatch(batch(polled));
        }
        if (!caughtUp && reader.caughtUp() && open()) {
            listener.onCaughtUp(positions);
            caughtUp = true;
        }
        listener.onTick();
    }

    private FollowedBatch batch(ConsumerRecords<byte[], byte[]> polled) {
        var records = new ArrayList<FollowedRecord>(polled.count());
        for (var polledRecord : polled) {
            var topic = polledRecord.topic();
            var offset = polledRecord.offset();
            key(polledRecord)
                    .ifPresentOrElse(
                            key -> records.add(new FollowedRecord(
                                    topic, key, polledRecord.value(), offset, history(polledRecord))),
                            () -> listener.onUnreadableKey(topic, offset));
        }
        return new FollowedBatch(records, positions);
    }

    private static Optional<String> history(ConsumerRecord<byte[], byte[]> polled) {
        return Optional.ofNullable(polled.headers().lastHeader(RecordOrigin.HISTORY))
                .flatMap(header -> RecordOrigin.text(header.value()));
    }

    private static Optional<String> key(ConsumerRecord<byte[], byte[]> polled) {
        if (polled.key() == null) {
            return Optional.empty();
        }
        try {
            // A decoder of its own refuses malformed bytes; new String would replace them.
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(polled.key()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private boolean open() {
        return closing.getCount() > 0;
    }
}
