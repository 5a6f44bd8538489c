package io.countersign.mesh.resource;

import static io.countersign.mesh.resource.SpecParser.asList;
import static io.countersign.mesh.resource.SpecParser.asMap;
import static io.countersign.mesh.resource.SpecParser.asTexts;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.Subset;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import io.countersign.mesh.resource.ResourceSpec.TrafficTls;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads a DestinationRule whose shape was checked. What this mesh cannot enforce (revocation lists, credentials by
/// name) is refused: dropping it in silence would fail open.
final class DestinationRuleParser {
    private static final String CLUSTER_SUFFIX = ".svc.cluster.local";
    private static final String WILDCARD = "*";
    private static final int ENTRIES_MAX = 64;

    private final ResourceKey key;
    private final List<FieldProblem> problems;

    DestinationRuleParser(ResourceKey key, List<FieldProblem> problems) {
        this.key = key;
        this.problems = problems;
    }

    DestinationRuleSpec parse(Map<String, Object> spec) {
        var subsets = new TreeMap<String, Subset>();
        var listed = bounded(spec.get("subsets"), "spec.subsets");
        for (int i = 0; i < listed.size(); i++) {
            var subset = asMap(listed.get(i));
            var path = "spec.subsets[" + i + "]";
            var read = new Subset(asTexts(subset.get("labels")), traffic(subset, path + ".trafficPolicy"));
            var name = (String) subset.getOrDefault("name", "");
            if (subsets.put(name, read) != null) {
                problems.add(FieldProblem.invalid(path + ".name", name, "a name that stands once"));
            }
        }
        return new DestinationRuleSpec(
                host((String) spec.getOrDefault("host", "")),
                texts(spec.get("exportTo"), "spec.exportTo"),
                asTexts(asMap(spec.get("workloadSelector")).get("matchLabels")),
                traffic(spec, "spec.trafficPolicy"),
                Collections.unmodifiableSortedMap(subsets));
    }

    /// Istio's rule: a name without dots is a service of the rule's own namespace.
    private String host(String host) {
        var suffix = host.startsWith(WILDCARD) ? host.substring(1) : host;
        if (suffix.contains(WILDCARD) || (host.length() > 1 && host.startsWith(WILDCARD) && !suffix.startsWith("."))) {
            problems.add(FieldProblem.invalid("spec.host", host, "a name, *.suffix or *"));
        }
        return host.isEmpty() || host.contains(".") || host.equals(WILDCARD)
                ? host
                : host + "." + key.namespace() + CLUSTER_SUFFIX;
    }

    /// All rules of a namespace travel in one record, so that each has to be of a size that people write.
    private List<Object> bounded(@Nullable Object list, String path) {
        var entries = asList(list);
        if (entries.size() > ENTRIES_MAX) {
            problems.add(FieldProblem.invalid(path, entries.size() + " entries", "at most " + ENTRIES_MAX));
        }
        return entries;
    }

    private Optional<TrafficTls> traffic(Map<String, Object> owner, String path) {
        if (!owner.containsKey("trafficPolicy")) {
            return Optional.empty();
        }
        var policy = asMap(owner.get("trafficPolicy"));
        var ports = new TreeMap<Integer, Optional<ClientTls>>();
        var listed = bounded(policy.get("portLevelSettings"), path + ".portLevelSettings");
        for (int i = 0; i < listed.size(); i++) {
            var settings = asMap(listed.get(i));
            var portPath = path + ".portLevelSettings[" + i + "]";
            if (asMap(settings.get("port")).get("number") instanceof Number number) {
                ports.put(number.intValue(), tls(settings.get("tls"), portPath + ".tls"));
            } else {
                problems.add(FieldProblem.required(portPath + ".port.number"));
            }
        }
        return Optional.of(
                new TrafficTls(tls(policy.get("tls"), path + ".tls"), Collections.unmodifiableSortedMap(ports)));
    }

    private Optional<ClientTls> tls(@Nullable Object tree, String path) {
        if (tree == null) {
            return Optional.empty();
        }
        var fields = asMap(tree);
        for (var field : List.of("credentialName", "caCrl")) {
            if (fields.containsKey(field)) {
                problems.add(FieldProblem.unsupported(path + "." + field, "credentials come from files"));
            }
        }
        var tls = new ClientTls(
                TlsMode.valueOf((String) fields.getOrDefault("mode", TlsMode.DISABLE.name())),
                text(fields, "clientCertificate"),
                text(fields, "privateKey"),
                text(fields, "caCertificates"),
                texts(fields.get("subjectAltNames"), path + ".subjectAltNames"),
                text(fields, "sni"),
                Boolean.TRUE.equals(fields.get("insecureSkipVerify")));
        check(tls, path);
        return Optional.of(tls);
    }

    private void check(ClientTls tls, String path) {
        var mutual = tls.mode() == TlsMode.MUTUAL;
        checkCredential(tls.clientCertificate(), path + ".clientCertificate", mutual);
        checkCredential(tls.privateKey(), path + ".privateKey", mutual);
        if (tls.mode() != TlsMode.ISTIO_MUTUAL) {
            return;
        }
        if (tls.caCertificates().isPresent()) {
            problems.add(
                    FieldProblem.unsupported(path + ".caCertificates", "ISTIO_MUTUAL trusts the mesh's authorities"));
        }
        if (tls.insecureSkipVerify()) {
            problems.add(FieldProblem.unsupported(path + ".insecureSkipVerify", "ISTIO_MUTUAL always verifies"));
        }
        for (int i = 0; i < tls.subjectAltNames().size(); i++) {
            try {
                SpiffeId.parse(tls.subjectAltNames().get(i));
            } catch (InvalidInput e) {
                problems.add(FieldProblem.invalid(
                        path + ".subjectAltNames[" + i + "]",
                        tls.subjectAltNames().get(i),
                        "the SPIFFE ID of a workload: spiffe://<trust domain>/ns/<namespace>/sa/<account>"));
            }
        }
    }

    private void checkCredential(Optional<String> file, String path, boolean mutual) {
        if (mutual && file.isEmpty()) {
            problems.add(FieldProblem.required(path));
        } else if (!mutual && file.isPresent()) {
            problems.add(FieldProblem.unsupported(path, "only mode MUTUAL has a certificate from a file"));
        }
    }

    private static Optional<String> text(Map<String, Object> fields, String name) {
        return Optional.ofNullable((String) fields.get(name)).filter(value -> !value.isEmpty());
    }

    private List<String> texts(@Nullable Object value, String path) {
        return bounded(value, path).stream().map(String.class::cast).toList();
    }
}
