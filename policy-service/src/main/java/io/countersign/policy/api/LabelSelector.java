package io.countersign.policy.api;

import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Kubernetes' label selectors: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by commas.
final class LabelSelector {
    private static final String KEY = "\\s*([-\\w./]+)\\s*";
    private static final Pattern EQUALITY = Pattern.compile(KEY + "(==|=|!=)\\s*([-\\w.]*)\\s*");
    private static final Pattern SET = Pattern.compile(KEY + "\\s(in|notin)\\s*\\(([^()]*)\\)\\s*");
    private static final Pattern EXISTENCE = Pattern.compile("\\s*(!?)" + KEY);

    private LabelSelector() {}

    /// Reads a selector; [RefusedRequest] for one that cannot be read.
    static Predicate<Map<String, String>> parse(String selector) {
        return requirements(selector).stream().map(LabelSelector::requirement).reduce(_ -> true, Predicate::and);
    }

    /// Splits at the commas that are not in parentheses.
    private static List<String> requirements(String selector) {
        var found = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < selector.length(); i++) {
            var character = selector.charAt(i);
            depth += character == '(' ? 1 : character == ')' ? -1 : 0;
            if (character == ',' && depth == 0) {
                found.add(selector.substring(start, i));
                start = i + 1;
            }
        }
        found.add(selector.substring(start));
        found.removeIf(String::isBlank);
        return found;
    }

    private static Predicate<Map<String, String>> requirement(String text) {
        Matcher matcher = EQUALITY.matcher(text);
        if (matcher.matches()) {
            return equality(matcher.group(1), matcher.group(2), matcher.group(3));
        }
        matcher = SET.matcher(text);
        if (matcher.matches()) {
            return membership(matcher.group(1), matcher.group(2), matcher.group(3));
        }
        matcher = EXISTENCE.matcher(text);
        if (matcher.matches()) {
            var key = matcher.group(2);
            return matcher.group(1).isEmpty() ? labels -> labels.containsKey(key) : labels -> !labels.containsKey(key);
        }
        throw RefusedRequest.of(StatusReason.BAD_REQUEST, "label selector: " + text + " (expected: KEY=VALUE)");
    }

    private static Predicate<Map<String, String>> equality(String key, String operator, String value) {
        Predicate<Map<String, String>> equal = labels -> value.equals(labels.get(key));
        return operator.equals("!=") ? equal.negate() : equal;
    }

    private static Predicate<Map<String, String>> membership(String key, String operator, String list) {
        var values = Set.copyOf(
                List.of(list.split(",", -1)).stream().map(String::strip).toList());
        Predicate<Map<String, String>> in = labels -> labels.containsKey(key) && values.contains(labels.get(key));
        return operator.equals("in") ? in : in.negate();
    }
}
