package io.countersign.local.backbone;

import io.countersign.local.process.ProcessIdentity;
import io.countersign.local.process.ProcessRegister;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server, with one database a service.
///
/// Every login needs a password (SCRAM), there is no Unix socket, commits reach the disk. The server outlives the
/// process that started it; whoever starts it again takes it over as it runs.
public final class Postgres {

    private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final String SUPERUSER = "postgres";

    private final PostgresSettings settings;

    private Postgres(PostgresSettings settings) {
        this.settings = settings;
    }

    /// Returns when the databases and their users are there.
    static void start(PostgresSettings settings) {
        try {
            initialize(settings);
            var postgres = new Postgres(settings);
            if (postgres.runs()) {
                postgres.applyDatabases(() -> true);
            } else {
                stop(settings.directory());
                removeEmptyPidFile(settings.directory());
                postgres.applyDatabases(postgres.launch()::isAlive);
            }
            LOG.atInfo()
                    .addKeyValue("listener", settings.address() + ":" + settings.port())
                    .log("database started");
        } catch (IOException e) {
            throw new UncheckedIOException("the database cannot be started", e);
        }
    }

    /// A full disk leaves one that the server takes for another server's.
    private static void removeEmptyPidFile(Path directory) throws IOException {
        Path file = pidFile(directory);
        if (Files.exists(file) && Files.size(file) == 0) {
            Files.delete(file);
        }
    }

    private static Path pidFile(Path directory) {
        return directory.resolve("postmaster.pid");
    }

    /// Stops the server that works on the data folder, if there is one; its data stays.
    public static void stop(Path directory) {
        find(directory).ifPresent(server -> {
            try {
                // PostgreSQL's fast shutdown is SIGINT, which the JDK cannot send.
                new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                        .inheritIO()
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("signal to pid " + server.pid(), e);
            }
            server.awaitEnd(STOP_LIMIT);
        });
    }

    /// Whether a server works on the data folder.
    public static boolean isThere(Path directory) {
        return find(directory).isPresent();
    }

    /// The server that works on the data folder.
    private static Optional<ProcessIdentity> find(Path directory) {
        Path file = pidFile(directory);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            // A full disk leaves it empty.
            Optional<Long> pid =
                    Files.readAllLines(file).stream().findFirst().map(line -> Long.parseLong(line.strip()));
            // The pid may be somebody else's by now.
            return pid.flatMap(ProcessIdentity::of)
                    .filter(found -> found.command().contains(directory.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("database pid file " + file, e);
        }
    }

    /// Whether a server runs that listens where it should: the network may be another one than at the last start.
    private boolean runs() {
        return find(settings.directory())
                .filter(server -> server.command().contains(listenAddress()))
                .isPresent();
    }

    private String listenAddress() {
        return "listen_addresses=" + settings.address();
    }

    private static void initialize(PostgresSettings settings) throws IOException {
        Path directory = settings.directory();
        initializeOnce(settings);
        // The mesh may have moved since its last start.
        Files.writeString(directory.resolve("pg_hba.conf"), """
                host all all 127.0.0.0/8 scram-sha-256
                host all all %s/32 scram-sha-256
                """.formatted(settings.address()));
    }

    private static void initializeOnce(PostgresSettings settings) throws IOException {
        Path directory = settings.directory();
        if (Files.exists(directory.resolve("PG_VERSION"))) {
            return;
        }
        Files.createDirectories(directory.getParent());
        Path password = Files.createTempFile(
                directory.getParent(),
                "initdb",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(password, settings.superuserPassword() + "\n");
            run(
                    settings.program("initdb"),
                    "--pgdata=" + directory,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-instructions");
        } finally {
            Files.delete(password);
        }
    }

    private static void run(String... command) throws IOException {
        var process =
                new ProcessBuilder(unprivileged(List.of(command))).inheritIO().start();
        try {
            if (!process.waitFor(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            if (process.waitFor() != 0) {
                throw new IOException(command[0] + ": exit code " + process.exitValue() + " (expected: 0)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command[0] + " ran", e);
        }
    }

    private Process launch() throws IOException {
        var command = new ArrayList<>(
                List.of(settings.program("postgres"), "-D", settings.directory().toString()));
        for (String setting : List.of(
                listenAddress(),
                "port=" + settings.port(),
                "unix_socket_directories=",
                "shared_buffers=16MB",
                "max_connections=50",
                "io_method=sync",
                // A statement that fails may hold a password.
                "log_min_error_statement=panic")) {
            command.add("-c");
            command.add(setting);
        }
        var builder = new ProcessBuilder(unprivileged(command)).inheritIO();
        // It is no part of its own, and what it starts leads sessions.
        builder.environment().remove(ProcessRegister.MARK);
        return builder.start();
    }

    /// PostgreSQL refuses to run as root; in a user namespace of its own it is nobody, and the files stay root's.
    private static List<String> unprivileged(List<String> command) throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            return command;
        }
        var wrapped = new ArrayList<>(List.of("unshare", "-U"));
        wrapped.addAll(command);
        return wrapped;
    }

    private void applyDatabases(BooleanSupplier alive) {
        try (Connection connection = connect(alive)) {
            for (PostgresSettings.Database database : settings.databases()) {
                apply(connection, database);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not take its users", e);
        }
    }

    private Connection connect(BooleanSupplier alive) throws SQLException {
        var login = new Properties();
        login.setProperty("user", SUPERUSER);
        login.setProperty("password", settings.superuserPassword());
        String url = "jdbc:postgresql://" + settings.address() + ":" + settings.port() + "/postgres";
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                return DriverManager.getConnection(url, login);
            } catch (SQLException e) {
                if (!alive.getAsBoolean() || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the database started", e);
        }
    }

    private static void apply(Connection connection, PostgresSettings.Database database) throws SQLException {
        String owner = "\"" + database.owner() + "\"";
        try (Statement statement = connection.createStatement()) {
            if (!exists(connection, "select 1 from pg_roles where rolname = ?", database.owner())) {
                statement.execute("create role " + owner + " login");
            }
            // Names and passwords are of letters that need no quoting: PostgresSettings sees to it.
            statement.execute("alter role " + owner + " password '" + database.password() + "'");
            if (!exists(connection, "select 1 from pg_database where datname = ?", database.name())) {
                statement.execute("create database " + database.name() + " owner " + owner);
                statement.execute("revoke connect on database " + database.name() + " from public");
            }
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            return statement.executeQuery().next();
        }
    }
}
