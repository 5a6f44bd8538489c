package io.countersign.local.backbone;

import java.nio.file.Path;
import java.util.List;

/// Where a PostgreSQL server finds its programs and data, where it listens, and whose databases it holds.
///
/// @param home the folder with `bin/postgres`
/// @param directory the data folder, made when absent
record PostgresSettings(
        Path home, Path directory, String address, int port, String superuserPassword, List<Database> databases) {

    /// A database and the one user that owns it.
    record Database(String name, String owner, String password) {
        Database {
            requirePlain("database name", name, "[a-z_]+");
            requirePlain("database owner", owner, "[a-z-]+");
            requirePlain("database password", password, "[A-Za-z0-9_-]+");
        }

        /// Without the password.
        @Override
        public String toString() {
            return "Database[" + name + "]";
        }
    }

    PostgresSettings {
        databases = List.copyOf(databases);
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /// Without the password.
    @Override
    public String toString() {
        return "PostgresSettings[" + directory + "]";
    }

    private static void requirePlain(String what, String text, String pattern) {
        if (!text.matches(pattern)) {
            // The text itself may be a secret, so it is not in the message.
            throw new IllegalArgumentException(what + ": other characters than expected (expected: " + pattern + ")");
        }
    }
}
