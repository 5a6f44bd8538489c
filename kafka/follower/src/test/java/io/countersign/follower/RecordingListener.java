package io.countersign.follower;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what a follower tells, for the test's thread to look at. What is told comes last: whoever sees it there sees
/// all else of the same call.
final class RecordingListener implements FollowerListener {
    final List<String> told = new CopyOnWriteArrayList<>();
    final List<TopicReset> resets = new CopyOnWriteArrayList<>();
    final List<String> troubles = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final List<Map<String, TopicPosition>> caughtUp = new CopyOnWriteArrayList<>();
    final Map<String, TopicPosition> positions = new ConcurrentHashMap<>();

    @Override
    public void onBatch(FollowedBatch batch) {
        positions.putAll(batch.positions());
        for (var followed : batch.records()) {
            var value = followed.value();
            told.add(followed.key() + "=" + (value == null ? "-" : new String(value, StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void onCaughtUp(Map<String, TopicPosition> positionsThen) {
        positions.putAll(positionsThen);
        caughtUp.add(positionsThen);
        told.add("caught up");
    }

    @Override
    public void onReset(TopicReset reset) {
        resets.add(reset);
        told.add("reset");
    }

    @Override
    public void onTrouble(Optional<String> reason) {
        troubles.add(reason.orElse("none"));
    }

    @Override
    public void onStopped(Throwable failure) {
        failures.add(failure);
    }
}
