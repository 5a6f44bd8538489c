package io.countersign.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The table as the one relay sees it that has its turn: a lock of a database session, which it keeps, and on which it
/// reads and clears. A session that ends, ends the turn; the relay notices before it publishes again.
///
/// Two relays that both published would fence each other without end. For the moment in which one does not know yet
/// that its turn is over, the broker's fence stays.
///
/// Owned by the relay's thread.
final class OutboxTurn implements OutboxStore {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxTurn.class);

    /// The table's own number: two services in one database do not wait for each other.
    private static final String LOCK = "(" + 0x6f7574 + ", 'outbox'::regclass::oid::int)";

    private static final String TRY_LOCK = "select pg_try_advisory_lock" + LOCK;
    private static final String UNLOCK = "select pg_advisory_unlock" + LOCK;

    /// The server ends a session whose relay stands still, as one whose host has vanished does.
    private static final String END_WHEN_IDLE = "select set_config('idle_session_timeout', ?, false)";

    private static final String UNPUBLISHED = "select distinct message_key from outbox where topic = ?";
    /// Rows and history in one view of the database: an adoption in between shows as no rows.
    private static final String OLDEST = """
            select o.id, o.topic, o.message_key, o.message_value, o.token from outbox o, outbox_history h
            where h.history = ?
              and (o.id <= h.adopted_until or o.id in (select id from outbox order by id limit ?))
            order by o.id""";

    /// What an adoption has deleted meanwhile is not remembered as published.
    private static final String DELETE = """
            with gone as (delete from outbox where id = any (?) returning topic, id, token)
            insert into outbox_published (topic, id, token)
            select distinct on (topic) topic, id, token from gone order by topic, id desc
            on conflict (topic) do update set id = excluded.id, token = excluded.token""";

    private final DataSource dataSource;
    private final Duration idleTimeout;
    private @Nullable Connection kept;

    /// @param idleTimeout longer than the relay ever waits between two looks at the table
    OutboxTurn(DataSource dataSource, Duration idleTimeout) {
        this.dataSource = dataSource;
        this.idleTimeout = idleTimeout;
    }

    @Override
    public boolean hasTurn() {
        if (kept != null) {
            return true;
        }
        try {
            var connection = dataSource.getConnection();
            try {
                if (locks(connection)) {
                    kept = connection;
                    return true;
                }
            } finally {
                if (kept == null) {
                    connection.close();
                }
            }
            return false;
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private boolean locks(Connection connection) throws SQLException {
        if (!isTrue(connection, TRY_LOCK)) {
            return false;
        }
        try (var statement = connection.prepareStatement(END_WHEN_IDLE)) {
            statement.setString(1, idleTimeout.toMillis() + "ms");
            return statement.execute();
        } catch (SQLException e) {
            isTrue(connection, UNLOCK);
            throw e;
        }
    }

    @Override
    public List<OutboxRecord> oldest(UUID history, int limit) {
        return inTurn(OLDEST, statement -> {
            statement.setObject(1, history);
            statement.setInt(2, limit);
            try (var rows = statement.executeQuery()) {
                return OutboxRecord.read(rows);
            }
        });
    }

    @Override
    public Set<String> unpublishedKeys(String topic) {
        return inTurn(UNPUBLISHED, statement -> {
            statement.setString(1, topic);
            var keys = new HashSet<String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.add(rows.getString(1));
                }
            }
            return keys;
        });
    }

    @Override
    public void delete(List<OutboxRecord> published) {
        inTurn(DELETE, statement -> {
            var ids = published.stream().map(OutboxRecord::id).toArray();
            statement.setArray(1, statement.getConnection().createArrayOf("bigint", ids));
            return statement.executeUpdate();
        });
    }

    /// The pool takes the session back, so its lock and its setting go first.
    @Override
    public void close() {
        var connection = kept;
        kept = null;
        if (connection == null) {
            return;
        }
        try (connection) {
            isTrue(connection, UNLOCK);
            try (var statement = connection.prepareStatement(END_WHEN_IDLE)) {
                statement.setString(1, "0");
                statement.execute();
            }
        } catch (SQLException e) {
            // A session that cannot be spoken to has ended, or is about to: the server ends the turn with it.
            LOG.atDebug().addKeyValue("cause", e.toString()).log("outbox turn ended with its session");
        }
    }

    private static boolean isTrue(Connection connection, String question) throws SQLException {
        try (var statement = connection.prepareStatement(question);
                var rows = statement.executeQuery()) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private <T> T inTurn(String sql, Use<T> use) {
        var connection = kept;
        if (connection == null) {
            throw new IllegalStateException("outbox: not this relay's turn");
        }
        try (var statement = connection.prepareStatement(sql)) {
            return use.of(statement);
        } catch (SQLException e) {
            close();
            throw unavailable(e);
        }
    }

    private static OutboxUnavailable unavailable(SQLException e) {
        return new OutboxUnavailable("outbox table: " + e.getSQLState(), e);
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }
}
