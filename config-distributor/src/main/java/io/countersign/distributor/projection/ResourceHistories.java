package io.countersign.distributor.projection;

import io.countersign.follower.FollowedRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which history of policy-service's database each resource is of. An adoption writes every key anew or withdraws it,
/// in one transaction: a topic that has been read to its end holds one history only, or somebody has written to it who
/// must not. Records from before there were histories say nothing. Owned by one thread.
public final class ResourceHistories {
    private final Map<String, String> live = new HashMap<>();
    private Optional<String> current = Optional.empty();
    private boolean adopted;

    /// Takes in a record of the resources' topic.
    ///
    /// @return whether another history begins with it
    public boolean begins(FollowedRecord followed) {
        var history = followed.history();
        if (followed.value() == null || history.isEmpty()) {
            live.remove(followed.key());
        } else {
            live.put(followed.key(), history.get());
        }
        if (history.isEmpty() || history.equals(current)) {
            return false;
        }
        var begins = current.isPresent();
        adopted |= begins;
        current = history;
        return begins;
    }

    /// The last record's history; empty when none has said any.
    public Optional<String> current() {
        return current;
    }

    /// Whether what was said of a resource was said of the present history's.
    ///
    /// @param judged the history that it was said of; empty when that was not written down yet
    public boolean isCurrent(Optional<String> judged) {
        return judged.map(history -> Optional.of(history).equals(current)).orElse(!adopted);
    }

    /// After all was read.
    ///
    /// @throws OrderDoubtful when a key still holds what another history has written
    public void requireOne() {
        live.forEach((key, history) -> {
            if (!Optional.of(history).equals(current)) {
                throw new OrderDoubtful("history of " + key + ": " + history + " (expected: " + current.orElse("none")
                        + ", which was adopted)");
            }
        });
    }
}
