package io.countersign.samples;

/// The little JSON that httpbin prints.
final class Json {

    private Json() {}

    static String object(String... fields) {
        if (fields.length == 0) {
            return "{}";
        }
        return "{\n" + String.join(",\n", fields).indent(2).stripTrailing() + "\n}\n";
    }

    static String field(String name, String value) {
        return text(name) + ": " + value.strip();
    }

    static String text(String value) {
        var out = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }
}
