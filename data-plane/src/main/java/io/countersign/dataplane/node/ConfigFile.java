package io.countersign.dataplane.node;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Properties;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/// Reads a node's one properties file. There is no other source: neither environment nor system properties.
public final class ConfigFile {
    private static final String PREFIX = "countersign";
    private static final int ORDINAL = 100;
    private static final int CONVERTER_PRIORITY = 200;
    private static final int PORT_MAX = 65_535;

    private ConfigFile() {}

    /// Reads a file as the mapping has it.
    ///
    /// @throws ConfigRefused with every problem: unreadable, missing, wrong and unknown keys
    public static <C extends CommonConfig> C read(Path file, Class<C> mapping) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigRefused("config file " + file + ": cannot be read: " + e.getMessage());
        }
        var values = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        try {
            return new SmallRyeConfigBuilder()
                    .withSources(new PropertiesConfigSource(values, file.toString(), ORDINAL))
                    .withConverter(InetSocketAddress.class, CONVERTER_PRIORITY, ConfigFile::address)
                    .withConverter(SpiffeId.class, CONVERTER_PRIORITY, (Converter<SpiffeId>) SpiffeId::parse)
                    .withConverter(TrustDomain.class, CONVERTER_PRIORITY, (Converter<TrustDomain>) TrustDomain::new)
                    .withConverter(NodeId.class, CONVERTER_PRIORITY, (Converter<NodeId>) NodeId::new)
                    .withConverter(ConfigKey.class, CONVERTER_PRIORITY, ConfigFile::workload)
                    .withMapping(mapping, PREFIX)
                    .withValidateUnknown(true)
                    .build()
                    .getConfigMapping(mapping, PREFIX);
        } catch (ConfigValidationException e) {
            var problems = new ArrayList<String>();
            for (var i = 0; i < e.getProblemCount(); i++) {
                problems.add(e.getProblem(i).getMessage().replaceFirst("^.*?SRCFG[0-9]+: ", ""));
            }
            throw new ConfigRefused(problems.stream()
                    .sorted()
                    .collect(Collectors.joining("\n  ", "config file " + file + ":\n  ", "")));
        }
    }

    private static ConfigKey workload(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 2) {
            throw InvalidInput.of("workload", text, "namespace/name");
        }
        return ConfigKey.workload(parts[0], parts[1]);
    }

    private static InetSocketAddress address(String text) {
        var colon = text.lastIndexOf(':');
        try {
            var port = colon > 0 ? Integer.parseInt(text.substring(colon + 1)) : -1;
            if (port >= 0 && port <= PORT_MAX) {
                return new InetSocketAddress(text.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            throw wrong(text, e);
        }
        throw wrong(text, null);
    }

    private static IllegalArgumentException wrong(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException("address: " + text + " (expected: host:port)", cause);
    }
}
