package io.countersign.outbox;

import io.countersign.events.RecordOrigin;
import io.countersign.outbox.Lineage.Published;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/// The outbox's table. Inside a JTA transaction the data source hands out the transaction's own connection, so that
/// these rows are written with the caller's. Plain JDBC: one of the statements must run at an exact moment.
@Singleton
class OutboxTable implements Past {
    /// "outbox" in ASCII; every service has its own database, so nothing else takes it.
    private static final long ORDER_LOCK = 0x6f7574626f78L;

    /// The materialized part runs first: a number is taken only when the lock is held, and the lock is held until
    /// the transaction has become visible.
    private static final String NEXT_SEQUENCE = """
            with locked as materialized (select pg_advisory_xact_lock(?))
            select nextval('outbox_sequence') from locked""";

    private static final String INSERT =
            "insert into outbox (id, topic, message_key, message_value, token) values (?, ?, ?, ?, ?)";

    private static final String LINEAGE = """
            select h.history, p.topic, p.id, p.token from outbox_history h left join outbox_published p on true""";
    private static final String HOLDS = "select 1 from outbox where topic = ? and token::text = ?";
    private static final String RAISE =
            "select setval('outbox_sequence', greatest((select last_value from outbox_sequence), ?))";
    private static final String FORGET_UNPUBLISHED = "delete from outbox where topic = any (?)";
    private static final String WAITING =
            "select id, topic, message_key, message_value, token from outbox where topic = any (?) order by id";
    private static final String ACCEPT = """
            insert into outbox_published (topic, id, token) values (?, ?, ?::uuid)
            on conflict (topic) do update set id = excluded.id, token = excluded.token""";
    private static final String ACCEPT_NONE = "delete from outbox_published where topic = ?";
    private static final String ADOPT = "update outbox_history set history = gen_random_uuid(), adopted_until = ?";

    private final DataSource dataSource;

    OutboxTable(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    long nextSequence() {
        return inConnection(connection -> {
            try (var statement = connection.prepareStatement(NEXT_SEQUENCE)) {
                statement.setLong(1, ORDER_LOCK);
                try (var rows = statement.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
    }

    void insert(OutboxRecord outboxRecord) {
        inConnection(connection -> {
            try (var statement = connection.prepareStatement(INSERT)) {
                statement.setLong(1, outboxRecord.id());
                statement.setString(2, outboxRecord.topic());
                statement.setString(3, outboxRecord.key());
                statement.setBytes(4, outboxRecord.value());
                statement.setObject(5, outboxRecord.token());
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public Lineage lineage() {
        return inConnection(connection -> {
            try (var statement = connection.prepareStatement(LINEAGE);
                    var rows = statement.executeQuery()) {
                var published = new HashMap<String, Published>();
                var history = new UUID(0, 0);
                while (rows.next()) {
                    history = rows.getObject(1, UUID.class);
                    var topic = rows.getString(2);
                    if (topic != null) {
                        published.put(topic, new Published(rows.getLong(3), rows.getObject(4, UUID.class)));
                    }
                }
                return new Lineage(history, published);
            }
        });
    }

    @Override
    public boolean holds(String topic, String token) {
        return inConnection(connection -> {
            try (var statement = connection.prepareStatement(HOLDS)) {
                statement.setString(1, topic);
                statement.setString(2, token);
                try (var rows = statement.executeQuery()) {
                    return rows.next();
                }
            }
        });
    }

    /// Lets the next number be greater than this one; that lasts also where the transaction does not.
    void raise(long above) {
        inConnection(connection -> {
            try (var statement = connection.prepareStatement(RAISE)) {
                statement.setLong(1, above);
                return statement.execute();
            }
        });
    }

    void forgetUnpublished(Collection<String> topics) {
        inConnection(connection -> {
            try (var statement = connection.prepareStatement(FORGET_UNPUBLISHED)) {
                statement.setArray(1, connection.createArrayOf("text", topics.toArray()));
                return statement.executeUpdate();
            }
        });
    }

    /// What waits to be published on the topics, in the order of the ids.
    List<OutboxRecord> waiting(Collection<String> topics) {
        return inConnection(connection -> {
            try (var statement = connection.prepareStatement(WAITING)) {
                statement.setArray(1, connection.createArrayOf("text", topics.toArray()));
                try (var rows = statement.executeQuery()) {
                    return OutboxRecord.read(rows);
                }
            }
        });
    }

    /// From here on the topic counts as published up to this record, whoever wrote it.
    ///
    /// @param end empty for a topic that is empty, or ends with a record without an origin
    void accept(String topic, Optional<RecordOrigin> end) {
        inConnection(connection -> {
            try (var statement = connection.prepareStatement(end.isPresent() ? ACCEPT : ACCEPT_NONE)) {
                statement.setString(1, topic);
                if (end.isPresent()) {
                    statement.setLong(2, end.get().sequence());
                    statement.setString(3, end.get().token());
                }
                return statement.executeUpdate();
            }
        });
    }

    /// Begins a history of its own, whose first records up to this number go out together.
    void beginHistory(long until) {
        inConnection(connection -> {
            try (var statement = connection.prepareStatement(ADOPT)) {
                statement.setLong(1, until);
                return statement.executeUpdate();
            }
        });
    }

    private <T> T inConnection(Statements<T> statements) {
        try (var connection = dataSource.getConnection()) {
            return statements.run(connection);
        } catch (SQLException e) {
            throw new OutboxUnavailable("outbox table: " + e.getSQLState(), e);
        }
    }

    @FunctionalInterface
    private interface Statements<T> {
        T run(Connection connection) throws SQLException;
    }
}
