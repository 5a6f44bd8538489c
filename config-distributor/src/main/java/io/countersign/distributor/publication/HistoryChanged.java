package io.countersign.distributor.publication;

import io.countersign.follower.FollowedRecord;
import java.io.Serial;

/// Another history of the resources was adopted while they were followed. All of it is on the topic when its first
/// record is, so that reading anew never publishes a half of each.
final class HistoryChanged extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    HistoryChanged(FollowedRecord first) {
        super("%s: another history begins, %s".formatted(first, first.history().orElse("none")));
    }
}
