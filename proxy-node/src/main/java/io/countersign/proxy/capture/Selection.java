package io.countersign.proxy.capture;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// What is chosen of ports or ranges: all of them, some, or none.
record Selection<T>(boolean all, List<T> some) {

    /// @param text `*`, or values with commas between them; nothing for none
    static <T> Selection<T> parse(String text, Function<String, T> value) {
        if (text.equals("*")) {
            return new Selection<>(true, List.of());
        }
        return new Selection<>(
                false,
                Stream.of(text.split(","))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .map(value)
                        .toList());
    }
}
