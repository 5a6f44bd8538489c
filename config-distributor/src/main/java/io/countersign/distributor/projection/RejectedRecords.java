package io.countersign.distributor.projection;

import io.countersign.follower.FollowedRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Keys whose newest value cannot be read. Owned by one thread; holds at most the keys of the topics.
public final class RejectedRecords {
    private final Set<String> standing = new HashSet<>();
    private List<Rejection> fresh = new ArrayList<>();

    /// One value that could not be read.
    ///
    /// @param first of its key since a good one
    public record Rejection(String topic, String key, long offset, String reason, boolean first) {}

    public void add(FollowedRecord followed, String reason) {
        var first = standing.add(name(followed));
        fresh.add(new Rejection(followed.topic(), followed.key(), followed.offset(), reason, first));
    }

    /// A later value of the key was read, or the key is gone.
    public void heal(FollowedRecord followed) {
        standing.remove(name(followed));
    }

    /// Rejections since the last call, each told once.
    public List<Rejection> takeFresh() {
        var taken = fresh;
        fresh = new ArrayList<>();
        return taken;
    }

    /// How many keys stand rejected.
    public int count() {
        return standing.size();
    }

    private static String name(FollowedRecord followed) {
        return followed.topic() + "/" + followed.key();
    }
}
