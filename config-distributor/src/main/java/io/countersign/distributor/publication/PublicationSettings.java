package io.countersign.distributor.publication;

import java.time.Duration;
import java.util.ArrayList;

/// How the distributor publishes.
///
/// @param progressInterval progress of a generation is told at most once in it
/// @param transitionMax how long a step of a mode change waits for nodes that do not confirm it
/// @param topicCheckInterval how late a replaced topic may be noticed
/// @param retryPause between two sessions; the longest one, it begins with a tenth
public record PublicationSettings(
        Duration progressInterval, Duration transitionMax, Duration topicCheckInterval, Duration retryPause) {
    public PublicationSettings {
        var problems = new ArrayList<String>();
        requirePositive("distribution progress interval", progressInterval, problems);
        requirePositive("transition max", transitionMax, problems);
        requirePositive("bus topic check interval", topicCheckInterval, problems);
        requirePositive("bus retry pause", retryPause, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    private static void requirePositive(String name, Duration value, ArrayList<String> problems) {
        if (!value.isPositive()) {
            problems.add(name + ": " + value + " (expected: > 0)");
        }
    }
}
