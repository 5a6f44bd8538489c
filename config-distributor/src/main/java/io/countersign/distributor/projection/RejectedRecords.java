package io.countersign.distributor.projection;

import io.countersign.follower.FollowedRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Keys whose newest value cannot be read. What is kept of them is bounded, since nodes may write under any number of
/// keys. Owned by one thread.
public final class RejectedRecords {
    /// More keys than that are counted, and told of, no more.
    static final int STANDING_MAX = 10_000;

    /// No key of ours is longer.
    private static final int KEY_MAX = 600;

    /// So many are told between two steps.
    private static final int FRESH_MAX = 1_000;

    private final Set<String> standing = new HashSet<>();
    private List<Rejection> fresh = new ArrayList<>();

    /// One value that could not be read.
    ///
    /// @param first of its key since a good one
    public record Rejection(String topic, String key, long offset, String reason, boolean first) {}

    public void add(FollowedRecord followed, String reason) {
        var name = name(followed);
        var first = !standing.contains(name) && standing.size() < STANDING_MAX;
        if (first) {
            standing.add(name);
        }
        if (fresh.size() < FRESH_MAX) {
            fresh.add(new Rejection(followed.topic(), cut(followed.key()), followed.offset(), cut(reason), first));
        }
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
        return followed.topic() + "/" + cut(followed.key());
    }

    private static String cut(String text) {
        return text.length() <= KEY_MAX ? text : text.substring(0, KEY_MAX);
    }
}
