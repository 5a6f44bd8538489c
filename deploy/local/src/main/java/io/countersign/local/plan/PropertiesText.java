package io.countersign.local.plan;

import java.util.Map;
import java.util.TreeMap;

/// The text of a Java properties file. Pure.
final class PropertiesText {

    private PropertiesText() {}

    static String of(Map<String, String> properties) {
        var text = new StringBuilder();
        new TreeMap<>(properties)
                .forEach((key, value) ->
                        text.append(key).append('=').append(escaped(value)).append('\n'));
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
