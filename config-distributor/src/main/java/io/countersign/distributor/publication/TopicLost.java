package io.countersign.distributor.publication;

import io.countersign.follower.TopicReset;
import java.io.Serial;

/// A topic was replaced or truncated while it was followed.
final class TopicLost extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    TopicLost(TopicReset reset) {
        super("%s: %s at %s".formatted(reset.topic(), reset.reason(), reset.before()));
    }
}
