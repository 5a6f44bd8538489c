package io.countersign.controlplane;

import io.countersign.mesh.InvalidInput;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// A `countersign.*` key that nobody reads is a setting that somebody believes in.
public final class KnownKeys {
    private static final String PREFIX = "countersign.";

    private KnownKeys() {}

    /// [InvalidInput] with every key that none of the mappings has.
    public static void require(Iterable<String> names, Class<?>... mappings) {
        List<ConfigClass> classes =
                Arrays.stream(mappings).map(ConfigClass::configClass).toList();
        var known = ConfigMappings.propertyNamesMatcher(classes);
        var unknown = new TreeSet<String>();
        for (var name : names) {
            if (name.startsWith(PREFIX) && !known.matches(name)) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidInput("unknown configuration keys: " + String.join(", ", unknown));
        }
    }
}
