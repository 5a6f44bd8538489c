package io.countersign.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// How a process reaches the bus: a properties file with a Kafka client's settings, as Kafka's own tools take it with
/// `--command-config`. It holds the credentials, so that none stands on a command line.
public final class BusProperties {
    private BusProperties() {}

    /// Reads the file; [UncheckedIOException] when it cannot be read. The map is the caller's own.
    public static Map<String, Object> load(Path file) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("bus properties file " + file, e);
        }
        var settings = new TreeMap<String, Object>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
