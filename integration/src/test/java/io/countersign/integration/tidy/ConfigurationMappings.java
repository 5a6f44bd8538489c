package io.countersign.integration.tidy;

import io.countersign.integration.tidy.SourceTree.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Every configuration key, read from the sources of the mapping interfaces: their names, defaults and comments.
final class ConfigurationMappings {
    private static final Pattern WRAPPED = Pattern.compile("(?:Optional|List|Set)<(.+)>");

    /// A mapping of its own file, which has its own prefix.
    private static final Pattern OTHER_MAPPING = Pattern.compile("\\w+Config");

    private ConfigurationMappings() {}

    /// @param value the default, `required` or `optional`
    record Key(String module, String name, String value, String meaning) {}

    static List<Key> all() {
        return SourceTree.java()
                .filter(source -> !source.isTest())
                .filter(source -> MappingSource.isOne(source.lines()))
                .flatMap(source -> keys(source).stream())
                .sorted(Comparator.comparing(Key::module).thenComparing(Key::name))
                .toList();
    }

    /// The document: one table a module.
    static String document() {
        var text = new StringBuilder("""
                # Configuration

                Every process reads one properties file, written for it alone (mode 0600): services by
                `QUARKUS_CONFIG_LOCATIONS`, nodes as their one argument. Secrets are named by path, never by value, but for
                `quarkus.datasource.password`. What is missing or wrong stops the process at its start.

                Made from the mapping interfaces: after a change run the tests of `integration` with
                `-Dcountersign.write-docs=true`, which write this file anew.
                """);
        var modules = all().stream().collect(Collectors.groupingBy(Key::module, TreeMap::new, Collectors.toList()));
        modules.forEach((module, keys) -> {
            text.append("\n## ").append(module).append("\n\n| Key | Default | Meaning |\n|---|---|---|\n");
            keys.forEach(key -> text.append("| `")
                    .append(key.name())
                    .append("` | ")
                    .append(key.value())
                    .append(" | ")
                    .append(key.meaning().replace("|", "\\|"))
                    .append(" |\n"));
        });
        return text.toString();
    }

    private static List<Key> keys(Source source) {
        var keys = new ArrayList<Key>();
        var mapping = MappingSource.parse(source.lines());
        var module = source.path().subpath(0, indexOf(source, "src")).toString();
        collect(module, mapping.prefix(), mapping.root(), mapping.interfaces(), keys);
        return keys;
    }

    private static int indexOf(Source source, String folder) {
        int index = 0;
        while (!source.path().getName(index).toString().equals(folder)) {
            index++;
        }
        return index;
    }

    private static void collect(
            String module,
            String prefix,
            String type,
            Map<String, List<MappingSource.Method>> interfaces,
            List<Key> keys) {
        for (var method : interfaces.getOrDefault(type, List.of())) {
            var name = prefix + "." + method.name();
            var wrapped = WRAPPED.matcher(method.type());
            var inner = wrapped.matches() ? wrapped.group(1) : method.type();
            if (interfaces.containsKey(inner)) {
                collect(module, name, inner, interfaces, keys);
            } else if (!OTHER_MAPPING.matcher(inner).matches()) {
                var key = inner.startsWith("Map<") ? name + ".\"…\"" : name;
                keys.add(new Key(module, key, method.value(), method.comment()));
            }
        }
    }
}
