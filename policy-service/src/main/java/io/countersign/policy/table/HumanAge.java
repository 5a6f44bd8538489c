package io.countersign.policy.table;

import java.time.Duration;

/// An age as kubectl prints it: two figures at most, coarser the longer it is.
final class HumanAge {
    private HumanAge() {}

    static String of(Duration age) {
        var seconds = age.toSeconds();
        var minutes = age.toMinutes();
        var hours = age.toHours();
        var days = age.toDays();
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 2 * 60) {
            return seconds + "s";
        }
        if (minutes < 10) {
            return pair(minutes, "m", seconds % 60, "s");
        }
        if (hours < 3) {
            return minutes + "m";
        }
        if (hours < 8) {
            return pair(hours, "h", minutes % 60, "m");
        }
        if (days < 2) {
            return hours + "h";
        }
        if (days < 8) {
            return pair(days, "d", hours % 24, "h");
        }
        if (days < 2 * 365) {
            return days + "d";
        }
        return days < 8 * 365 ? pair(days / 365, "y", days % 365, "d") : days / 365 + "y";
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
    }
}
