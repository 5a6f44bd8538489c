package io.countersign.outbox;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// The outbox's table. Inside a JTA transaction the data source hands out the transaction's own connection, so that
/// these rows are written with the caller's. Plain JDBC: one of the statements must run at an exact moment.
@Singleton
class OutboxTable {
    /// "outbox" in ASCII; every service has its own database, so nothing else takes it.
    private static final long ORDER_LOCK = 0x6f7574626f78L;

    /// The materialized part runs first: a number is taken only when the lock is held, and the lock is held until
    /// the transaction has become visible.
    private static final String NEXT_SEQUENCE = """
            with locked as materialized (select pg_advisory_xact_lock(?))
            select nextval('outbox_sequence') from locked""";

    private static final String INSERT =
            "insert into outbox (id, topic, message_key, message_value) values (?, ?, ?, ?)";

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
