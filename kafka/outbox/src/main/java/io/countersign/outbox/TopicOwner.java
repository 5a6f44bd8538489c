package io.countersign.outbox;

import java.util.Set;

/// A bean that can say again what a topic has to hold: when the topic was deleted and made anew, and when an adoption
/// puts the database's state in the place of what the topic holds.
public interface TopicOwner {
    /// The topic's name.
    String topic();

    /// The keys that the topic has to hold now. Called on the relay's thread when its turn begins, and its topic is
    /// empty.
    Set<String> keys();

    /// Appends to the outbox all that the topic has to hold now, in one transaction of its own. Called on the relay's
    /// thread; after an exception it is called again.
    void republish();

    /// Appends the same when the database's state becomes the topic's, whatever the topic held: [Adoption] withdraws
    /// what is missing in it. Called in a transaction, which may be rolled back.
    ///
    /// @param above the highest number that a record of the topic carried
    default void adopt(long above) {
        republish();
    }
}
