package io.countersign.distributor.projection;

import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import java.util.LinkedHashMap;
import java.util.Map;

/// Watches that the resources' sequence grows with the topic's order. A relay that did not learn that its records had
/// arrived sends them again, which is harmless; a sequence that starts again below is another history.
/// Owned by one thread.
final class SequenceGuard {
    /// Repeats are told from another history as long as they are at most this many records old; a relay repeats its
    /// last batch of at most 1,000.
    private static final int WINDOW = 10_000;

    private final Map<Long, Written> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Written> eldest) {
            return size() > WINDOW;
        }
    };
    private long highest = Long.MIN_VALUE;
    private long last = Long.MIN_VALUE;

    /// True for a record that was seen before, which must not be folded again.
    boolean isRepeat(Resource resource) {
        return Written.of(resource).equals(recent.get(resource.sequence()));
    }

    void accept(Resource resource) {
        recent.put(resource.sequence(), Written.of(resource));
        last = resource.sequence();
        highest = Math.max(highest, last);
    }

    /// @throws OrderDoubtful when the last record is not the highest
    void requireOrdered() {
        if (last < highest) {
            throw new OrderDoubtful("resources sequence: " + last + " (expected: > " + highest + ")");
        }
    }

    private record Written(ResourceKey key, String uid, long generation) {
        static Written of(Resource resource) {
            return new Written(resource.key(), resource.uid(), resource.generation());
        }
    }
}
