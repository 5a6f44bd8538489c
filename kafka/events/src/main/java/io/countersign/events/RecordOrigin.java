package io.countersign.events;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where a service's record comes from, which its headers say: the value is the fact, and the same whoever tells it.
/// Records from before there were headers have none.
///
/// @param history the id of the database's history: made with the database, changed by an adoption only
/// @param sequence the commit's number in that history
/// @param token of the one row that the record was made of: another history may have the same number, never the token
public record RecordOrigin(String history, long sequence, String token) {
    /// The header that names the history; on [TopicCatalogue#DISTRIBUTION] the one that was judged.
    public static final String HISTORY = "countersign-history";

    public static final String SEQUENCE = "countersign-sequence";
    public static final String TOKEN = "countersign-token";

    /// Reads the headers of a record.
    ///
    /// @param header the value of the last header of a name, or null
    /// @return empty for a record without an origin
    /// @throws UnreadableRecord when the headers say something else
    public static Optional<RecordOrigin> read(Function<String, byte @Nullable []> header) {
        var history = text(header.apply(HISTORY));
        if (history.isEmpty()) {
            return Optional.empty();
        }
        var sequence = text(header.apply(SEQUENCE)).orElse("none");
        try {
            return Optional.of(new RecordOrigin(
                    history.get(),
                    Long.parseLong(sequence),
                    text(header.apply(TOKEN)).orElse("")));
        } catch (NumberFormatException e) {
            throw new UnreadableRecord(SEQUENCE + ": " + sequence + " (expected: a number)", e);
        }
    }

    /// The headers' values by their names.
    public Map<String, byte[]> headers() {
        return Map.of(HISTORY, bytes(history), SEQUENCE, bytes(Long.toString(sequence)), TOKEN, bytes(token));
    }

    /// A header's value.
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// A header's text; empty where there is no such header.
    public static Optional<String> text(byte @Nullable [] value) {
        return Optional.ofNullable(value).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
