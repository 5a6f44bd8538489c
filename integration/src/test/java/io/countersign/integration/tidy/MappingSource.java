package io.countersign.integration.tidy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One mapping interface and those nested in it, read line by line as the formatter writes them.
final class MappingSource {
    private static final Pattern PREFIX = Pattern.compile("@ConfigMapping\\(prefix = \"([^\"]+)\".*\\)");
    /// The nodes' mappings are registered in code, and say in their comment what they are for.
    private static final Pattern NODE_PREFIX = Pattern.compile("/// `(countersign[a-z.]*)`.*");

    private static final Pattern INTERFACE = Pattern.compile("\\s*(?:public )?interface (\\w+).*\\{");
    private static final Pattern COMMENT = Pattern.compile("\\s*/// ?(.*)");
    private static final Pattern DEFAULT = Pattern.compile("\\s*@WithDefault\\(\"?([^\"]*)\"?\\)");
    private static final Pattern NAME = Pattern.compile("\\s*@WithName\\(\"([^\"]+)\"\\)");
    private static final Pattern METHOD = Pattern.compile("\\s+([\\w<>., ?]+) (\\w+)\\(\\);");

    private final Map<String, List<Method>> interfaces = new HashMap<>();
    private String prefix = "";
    private String root = "";
    private String current = "";
    private String value = "";
    private String name = "";
    private String comment = "";

    private MappingSource() {}

    /// @param value the default, `required` or `optional`
    record Method(String type, String name, String value, String comment) {}

    static boolean isOne(List<String> lines) {
        return !parse(lines).prefix.isEmpty();
    }

    static MappingSource parse(List<String> lines) {
        var source = new MappingSource();
        lines.forEach(source::read);
        return source;
    }

    String prefix() {
        return prefix;
    }

    /// The name of the outer interface.
    String root() {
        return root;
    }

    Map<String, List<Method>> interfaces() {
        return interfaces;
    }

    private void read(String line) {
        on(PREFIX, line, found -> prefix = found.group(1));
        on(NODE_PREFIX, line, found -> prefix = root.isEmpty() ? found.group(1) : prefix);
        on(INTERFACE, line, found -> open(found.group(1)));
        on(COMMENT, line, found -> comment = (comment + " " + found.group(1)).strip());
        on(DEFAULT, line, found -> value = "`" + found.group(1) + "`");
        on(NAME, line, found -> name = found.group(1));
        on(METHOD, line, found -> add(found.group(1), found.group(2)));
    }

    private static void on(Pattern pattern, String line, Consumer<Matcher> action) {
        var matcher = pattern.matcher(line);
        if (matcher.matches()) {
            action.accept(matcher);
        }
    }

    private void open(String type) {
        root = root.isEmpty() ? type : root;
        current = type;
        interfaces.putIfAbsent(type, new ArrayList<>());
        comment = "";
    }

    private void add(String type, String method) {
        var unset = type.startsWith("Optional") ? "optional" : "required";
        interfaces
                .getOrDefault(current, new ArrayList<>())
                .add(new Method(type, name.isEmpty() ? kebab(method) : name, value.isEmpty() ? unset : value, comment));
        value = "";
        name = "";
        comment = "";
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
