package io.countersign.follower;

/// A record whose key is missing or is not UTF-8: no later record of the topic can be trusted to be the last of its
/// key.
public final class UnreadableKeyException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    UnreadableKeyException(String topic, long offset) {
        super("key of %s@%d: unreadable (expected: UTF-8)".formatted(topic, offset));
    }
}
