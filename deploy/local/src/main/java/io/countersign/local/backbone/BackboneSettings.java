package io.countersign.local.backbone;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.BusUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// What the backbone process reads from its one properties file.
///
/// @param readyFile is there while broker and database are ready
record BackboneSettings(BrokerSettings broker, PostgresSettings postgres, Path readyFile) {

    static final String BUS_PASSWORD = "bus.password.";
    static final String DATABASE_PASSWORD = "database.password.";

    /// @throws UncheckedIOException when the file cannot be read
    /// @throws IllegalArgumentException when a key is missing
    static BackboneSettings load(Path file) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("backbone properties file " + file, e);
        }
        return new BackboneSettings(
                broker(properties), postgres(properties), Path.of(required(properties, "ready-file")));
    }

    private static BrokerSettings broker(Properties properties) {
        var users = new ArrayList<BusUser>();
        withPrefix(properties, BUS_PASSWORD).forEach((name, password) -> users.add(new BusUser(name, password)));
        var administrator = new BusUser("admin", required(properties, "bus.administrator.password"));
        return new BrokerSettings(
                Path.of(required(properties, "bus.directory")),
                required(properties, "address"),
                number(properties, "bus.port"),
                number(properties, "bus.controller.port"),
                new BrokerSettings.Restricted(administrator, users));
    }

    private static PostgresSettings postgres(Properties properties) {
        List<PostgresSettings.Database> databases = withPrefix(properties, DATABASE_PASSWORD).entrySet().stream()
                .map(entry -> new PostgresSettings.Database(
                        entry.getKey(), required(properties, "database.owner." + entry.getKey()), entry.getValue()))
                .toList();
        return new PostgresSettings(
                Path.of(required(properties, "database.home")),
                Path.of(required(properties, "database.directory")),
                required(properties, "address"),
                number(properties, "database.port"),
                required(properties, "database.superuser.password"),
                databases);
    }

    private static Map<String, String> withPrefix(Properties properties, String prefix) {
        var found = new TreeMap<String, String>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), properties.getProperty(name));
            }
        }
        return found;
    }

    private static int number(Properties properties, String key) {
        return Integer.parseInt(required(properties, key));
    }

    private static String required(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException(key + ": absent (expected: a value)");
        }
        return value;
    }
}
