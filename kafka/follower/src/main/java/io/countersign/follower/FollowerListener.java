package io.countersign.follower;

import java.util.Map;
import java.util.Optional;

/// Is told what a [TopicFollower] reads. Every method is called on the follower's one thread, one after the other; the
/// next poll waits for it. A method that throws stops the follower.
public interface FollowerListener {
    /// New records, or positions that moved without records.
    void onBatch(FollowedBatch batch);

    /// A record's key is missing or is not UTF-8; the records round it come with the next [#onBatch]. It may be any
    /// key's next value, so that reading stops, unless the reader knows that nothing hangs on the topic's order.
    ///
    /// @throws UnreadableKeyException to stop
    default void onUnreadableKey(String topic, long offset) {
        throw new UnreadableKeyException(topic, offset);
    }

    /// Every topic has been read to the end offset that it had when reading began: at the start, and again after each
    /// [#onReset].
    ///
    /// @param positions of every followed topic, by name
    void onCaughtUp(Map<String, TopicPosition> positions);

    /// A topic was replaced or truncated; its records come again from its start, then [#onCaughtUp] again.
    void onReset(TopicReset reset);

    /// After every poll, with or without news: at least twice a second while the broker is there. For work that waits
    /// for time to pass.
    default void onTick() {}

    /// The bus is there, and does not let a topic be read: it is missing, or a right is. Told when that begins, when
    /// its reason changes, and with nothing when it is over; it is tried again meanwhile. An absent bus is none.
    default void onTrouble(Optional<String> reason) {}

    /// The follower ended without being closed, and reads no more. It is told last, and the failure is logged.
    default void onStopped(Throwable failure) {}
}
