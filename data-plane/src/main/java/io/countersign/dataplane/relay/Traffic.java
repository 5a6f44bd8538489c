package io.countersign.dataplane.relay;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// Counters of the byte path. Safe for use from every event loop.
public final class Traffic {
    private static final int CODES = 600;

    private final LongAdder[] responses = new LongAdder[CODES];
    private final Map<String, LongAdder> events = new ConcurrentSkipListMap<>();

    public Traffic() {
        for (var code = 0; code < CODES; code++) {
            responses[code] = new LongAdder();
        }
    }

    /// A request was answered with a status code.
    public void responded(int code) {
        responses[code < CODES ? code : 0].increment();
    }

    /// Something else that is counted happened.
    ///
    /// @param event a constant of the caller, in snake_case
    public void count(String event) {
        events.computeIfAbsent(event, _ -> new LongAdder()).increment();
    }

    /// Responses by status code, those that were sent at all.
    public SortedMap<Integer, Long> responses() {
        var counted = new TreeMap<Integer, Long>();
        for (var code = 0; code < CODES; code++) {
            if (responses[code].sum() > 0) {
                counted.put(code, responses[code].sum());
            }
        }
        return counted;
    }

    public SortedMap<String, Long> events() {
        var counted = new TreeMap<String, Long>();
        events.forEach((event, count) -> counted.put(event, count.sum()));
        return counted;
    }
}
