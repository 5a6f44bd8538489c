package io.countersign.dataplane.node;

import java.nio.file.Path;

/// `countersign.bus`: how the bus is reached.
public interface BusConfig {
    /// A properties file as Kafka's own tools take it.
    Path propertiesFile();
}
