package io.countersign.dataplane.http;

import java.util.HashMap;
import java.util.Map;

/// Something of which there is a number, and who has how much of it. Nobody takes more of it than is left for all
/// others, and no connection of his more than is left for his others; so the first has half at most, and whoever comes
/// next half of what is there. Belongs to one event loop.
final class Shares {
    private final Map<Object, Integer> taken = new HashMap<>();
    private int total;

    /// Takes one more, if the caller may.
    ///
    /// @param max how many there are
    boolean take(Caller caller, int max) {
        if (!allows(caller, max)) {
            return false;
        }
        total++;
        taken.merge(caller, 1, Integer::sum);
        taken.merge(caller.who(), 1, Integer::sum);
        return true;
    }

    boolean allows(Caller caller, int max) {
        var left = max - total;
        return caller.isOurselves() ? left > 0 : of(caller) < left - of(caller.who());
    }

    void giveBack(Caller caller) {
        total--;
        taken.computeIfPresent(caller, (_, count) -> count > 1 ? count - 1 : null);
        taken.computeIfPresent(caller.who(), (_, count) -> count > 1 ? count - 1 : null);
    }

    int total() {
        return total;
    }

    /// How many a caller's connection, or whoever is behind it, has.
    private int of(Object holder) {
        return taken.getOrDefault(holder, 0);
    }
}
