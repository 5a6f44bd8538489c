package io.countersign.outbox;

/// A bean that can say again what a topic has to hold. The relay asks it when the topic was deleted and made anew.
public interface TopicOwner {
    /// The topic's name.
    String topic();

    /// Appends to the outbox all that the topic has to hold now, in one transaction of its own. Called on the relay's
    /// thread; after an exception it is called again.
    void republish();
}
