package io.countersign.ca;

import io.countersign.mesh.InvalidInput;
import io.countersign.outbox.BusConfig;
import io.countersign.outbox.OutboxConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which `countersign.*` keys there are. A key that nobody reads is a setting that somebody believes in.
public final class ConfigurationKeys {
    private static final String PREFIX = "countersign.";
    private static final List<ConfigClass> MAPPINGS = List.of(
            ConfigClass.configClass(CaConfig.class),
            ConfigClass.configClass(OutboxConfig.class),
            ConfigClass.configClass(BusConfig.class));

    private ConfigurationKeys() {}

    /// [InvalidInput] with every key that no mapping has.
    public static void requireKnown(SmallRyeConfig config) {
        var unknown = unknown(config.getPropertyNames());
        if (!unknown.isEmpty()) {
            throw new InvalidInput("unknown configuration keys: " + String.join(", ", unknown));
        }
    }

    static SortedSet<String> unknown(Iterable<String> names) {
        var known = ConfigMappings.propertyNamesMatcher(MAPPINGS);
        var unknown = new TreeSet<String>();
        for (var name : names) {
            if (name.startsWith(PREFIX) && !known.matches(name)) {
                unknown.add(name);
            }
        }
        return unknown;
    }
}
