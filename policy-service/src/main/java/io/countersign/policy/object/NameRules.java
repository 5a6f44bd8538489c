package io.countersign.policy.object;

import io.countersign.mesh.resource.FieldProblem;
import io.countersign.mesh.resource.ResourceType;
import java.util.Optional;
import java.util.regex.Pattern;

/// RFC 1123 names as Kubernetes demands them: a label for namespaces and services, a subdomain for the rest.
public final class NameRules {
    private static final int LABEL_MAX = 63;
    private static final int SUBDOMAIN_MAX = 253;
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    private NameRules() {}

    /// What is wrong with the name of an object of the type, if anything is.
    public static Optional<FieldProblem> problem(ResourceType type, String name) {
        return switch (type) {
            case NAMESPACE, SERVICE ->
                check(name, LABEL_MAX, LABEL_PATTERN, "an RFC 1123 label: lower case letters, digits and -");
            case WORKLOAD_ENTRY, POLICY, MESH_POLICY, PEER_AUTHENTICATION, DESTINATION_RULE ->
                check(
                        name,
                        SUBDOMAIN_MAX,
                        SUBDOMAIN_PATTERN,
                        "an RFC 1123 subdomain: lower case letters, digits, - and .");
        };
    }

    private static Optional<FieldProblem> check(String name, int max, Pattern pattern, String expected) {
        if (name.isEmpty()) {
            return Optional.of(new FieldProblem("metadata.name", FieldProblem.Reason.REQUIRED, "required value"));
        }
        // The length first: the pattern is only ever run on short text.
        if (name.length() > max || !pattern.matcher(name).matches()) {
            var shown = name.length() > max ? name.substring(0, max) + "…" : name;
            return Optional.of(new FieldProblem(
                    "metadata.name",
                    FieldProblem.Reason.INVALID,
                    "invalid value: " + shown + " (expected: " + expected + ", at most " + max + " characters)"));
        }
        return Optional.empty();
    }
}
