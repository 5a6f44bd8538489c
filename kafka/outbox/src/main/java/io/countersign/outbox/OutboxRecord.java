package io.countersign.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One row: a record that is to be published.
///
/// @param id its commit sequence
/// @param value null for a tombstone
/// @param token tells this row from one that another history gave the same number
@SuppressWarnings("ArrayRecordComponent") // The bytes go from the database to the producer and are compared by nobody.
record OutboxRecord(long id, String topic, String key, byte @Nullable [] value, UUID token) {
    /// A new row.
    OutboxRecord(long id, String topic, String key, byte @Nullable [] value) {
        this(id, topic, key, value, UUID.randomUUID());
    }

    /// All rows of `id, topic, message_key, message_value, token`.
    static List<OutboxRecord> read(ResultSet rows) throws SQLException {
        var found = new ArrayList<OutboxRecord>();
        while (rows.next()) {
            byte @Nullable [] value = rows.getBytes(4);
            found.add(new OutboxRecord(
                    rows.getLong(1), rows.getString(2), rows.getString(3), value, rows.getObject(5, UUID.class)));
        }
        return found;
    }
}
