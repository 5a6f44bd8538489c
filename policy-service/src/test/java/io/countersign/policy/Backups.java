package io.countersign.policy;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/// Backups of the database, taken and put back under the running service.
record Backups(DataSource database) {
    private static final List<String> TABLES =
            List.of("mesh", "resource", "outbox", "outbox_history", "outbox_published");

    void take(String name) throws SQLException {
        run("create schema " + name);
        for (var table : TABLES) {
            run("create table %1$s.%2$s as table public.%2$s".formatted(name, table));
        }
        run("create table %s.numbers as select last_value from outbox_sequence".formatted(name));
    }

    /// As it was, the sequence included.
    void restore(String name) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (var table : TABLES) {
                statement.execute("delete from public." + table);
                statement.execute("insert into public.%2$s select * from %1$s.%2$s".formatted(name, table));
            }
            statement.execute("select setval('outbox_sequence', last_value) from %s.numbers".formatted(name));
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private void run(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
