package io.countersign.mesh.resource;

import io.countersign.mesh.IpAddress;
import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.NamespaceSpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceSpec.PolicyTarget;
import io.countersign.mesh.resource.ResourceSpec.PortSelector;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceSpec.ServiceSpec;
import io.countersign.mesh.resource.ResourceSpec.TargetPort;
import io.countersign.mesh.resource.ResourceSpec.WorkloadEntrySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// From the plain tree of a `spec` to its typed form, with every problem found on the way.
public final class SpecParser {
    private static final String TLS_MODE_LABEL = "security.istio.io/tlsMode";
    private static final String DEFAULT_NAME = "default";
    private static final Pattern PORT_NUMBER = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int PORT_MAX = 65_535;
    /// Kubernetes' rule for names (RFC 1123, subdomain); an identity is made of it.
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private static final int NAME_MAX = 253;
    private static final List<String> PROTOCOLS =
            List.of("http", "http2", "grpc", "grpc-web", "https", "tls", "tcp", "udp", "mongo", "mysql", "redis");

    private SpecParser() {}

    /// What a spec parses to: the typed spec, or why there is none.
    public sealed interface Parsed {
        record Valid(ResourceSpec spec) implements Parsed {}

        record Invalid(List<FieldProblem> problems) implements Parsed {}
    }

    /// Parses and validates a spec.
    ///
    /// @param spec plain maps, lists, strings, numbers and booleans; null counts as empty
    /// @param metadataLabels the resource's own labels
    public static Parsed parse(ResourceKey key, @Nullable Object spec, Map<String, String> metadataLabels) {
        var tree = spec == null ? Map.of() : spec;
        var problems = new ArrayList<>(Schema.problems(key.type().specSchema(), "spec", tree));
        if (!problems.isEmpty()) {
            return new Parsed.Invalid(List.copyOf(problems));
        }
        var fields = asMap(tree);
        var typed = switch (key.type()) {
            case NAMESPACE -> new NamespaceSpec();
            case SERVICE -> service(fields, problems);
            case WORKLOAD_ENTRY -> workloadEntry(fields, metadataLabels, problems);
            case POLICY, MESH_POLICY -> policy(key, fields, problems);
            case PEER_AUTHENTICATION -> peerAuthentication(fields, problems);
            case DESTINATION_RULE -> new DestinationRuleParser(key, problems).parse(fields);
        };
        return problems.isEmpty() ? new Parsed.Valid(typed) : new Parsed.Invalid(List.copyOf(problems));
    }

    private static ServiceSpec service(Map<String, Object> spec, List<FieldProblem> problems) {
        var ports = asList(spec.get("ports")).stream()
                .map(SpecParser::asMap)
                .map(SpecParser::servicePort)
                .toList();
        return new ServiceSpec(asTexts(spec.get("selector")), addresses(spec, problems), ports);
    }

    /// `None` says that there is none. `clusterIP` is the first of `clusterIPs`, where both are there.
    private static List<String> addresses(Map<String, Object> spec, List<FieldProblem> problems) {
        var addresses = new LinkedHashSet<String>();
        var written = Stream.concat(
                Stream.of(Map.entry("spec.clusterIP", spec.getOrDefault("clusterIP", ""))),
                asList(spec.get("clusterIPs")).stream().map(each -> Map.entry("spec.clusterIPs", each)));
        written.filter(entry -> !Set.of("", "None").contains(entry.getValue())).forEach(entry -> {
            var address = IpAddress.canonical((String) entry.getValue());
            address.ifPresentOrElse(
                    addresses::add,
                    () -> problems.add(FieldProblem.invalid(entry.getKey(), entry.getValue(), "an IP address")));
        });
        return List.copyOf(addresses);
    }

    private static ServicePort servicePort(Map<String, Object> port) {
        var number = ((Number) port.getOrDefault("port", 0)).intValue();
        var name = (String) port.getOrDefault("name", "");
        TargetPort target = switch (port.get("targetPort")) {
            case Number n when n.intValue() > 0 -> new TargetPort.Numbered(n.intValue());
            case String text -> new TargetPort.Named(text);
            case null, default -> new TargetPort.Numbered(number);
        };
        var declared = ((String) port.getOrDefault("appProtocol", "")).toLowerCase(Locale.ROOT);
        return new ServicePort(name, number, target, declared.isEmpty() ? protocolOf(name) : declared);
    }

    /// Istio's rule: the protocol is the port's name, or its part before the first dash.
    private static String protocolOf(String portName) {
        return PROTOCOLS.stream()
                .filter(protocol -> portName.equals(protocol) || portName.startsWith(protocol + "-"))
                .reduce("", (a, b) -> b.length() > a.length() ? b : a);
    }

    private static WorkloadEntrySpec workloadEntry(
            Map<String, Object> spec, Map<String, String> metadataLabels, List<FieldProblem> problems) {
        var account = (String) spec.getOrDefault("serviceAccount", "");
        if (!account.isEmpty()
                && (account.length() > NAME_MAX || !NAME.matcher(account).matches())) {
            problems.add(FieldProblem.invalid("spec.serviceAccount", account, "the name of a service account"));
        }
        var labels = new TreeMap<>(metadataLabels);
        labels.putAll(asTexts(spec.get("labels")));
        var ports = new TreeMap<String, Integer>();
        asMap(spec.get("ports")).forEach((name, port) -> ports.put(name, ((Number) port).intValue()));
        return new WorkloadEntrySpec(
                (String) spec.getOrDefault("address", ""),
                Collections.unmodifiableSortedMap(ports),
                Collections.unmodifiableSortedMap(labels),
                account.isEmpty() ? DEFAULT_NAME : account,
                "istio".equals(labels.get(TLS_MODE_LABEL)));
    }

    private static AuthenticationPolicySpec policy(
            ResourceKey key, Map<String, Object> spec, List<FieldProblem> problems) {
        var targets = new ArrayList<PolicyTarget>();
        var listed = asList(spec.get("targets"));
        for (int i = 0; i < listed.size(); i++) {
            targets.add(target(asMap(listed.get(i)), "spec.targets[" + i + "]", problems));
        }
        checkScope(key, targets, problems);
        // An origin check that this mesh cannot make must not be dropped in silence: that would fail open.
        if (!asList(spec.get("origins")).isEmpty()) {
            problems.add(FieldProblem.unsupported("spec.origins", "authentication of origins"));
        }
        return new AuthenticationPolicySpec(targets, mode(asList(spec.get("peers")), problems));
    }

    private static PeerAuthenticationSpec peerAuthentication(Map<String, Object> spec, List<FieldProblem> problems) {
        var selector = asTexts(asMap(spec.get("selector")).get("matchLabels"));
        var listed = asMap(spec.get("portLevelMtls"));
        if (selector.isEmpty() && !listed.isEmpty()) {
            problems.add(FieldProblem.unsupported("spec.portLevelMtls", "modes of ports need a selector"));
        }
        var ports = new TreeMap<Integer, MtlsMode>();
        listed.forEach((port, mtls) -> {
            if (!PORT_NUMBER.matcher(port).matches() || Integer.parseInt(port) > PORT_MAX) {
                problems.add(FieldProblem.invalid("spec.portLevelMtls", port, "port numbers from 1 to " + PORT_MAX));
            } else {
                peerMode(mtls).ifPresent(mode -> ports.put(Integer.valueOf(port), mode));
            }
        });
        return new PeerAuthenticationSpec(
                selector, peerMode(spec.get("mtls")), Collections.unmodifiableSortedMap(ports));
    }

    /// Empty for what inherits: UNSET, or nothing at all.
    private static Optional<MtlsMode> peerMode(@Nullable Object mtls) {
        return Optional.ofNullable((String) asMap(mtls).get("mode"))
                .filter(mode -> !mode.equals("UNSET"))
                .map(MtlsMode::valueOf);
    }

    private static void checkScope(ResourceKey key, List<PolicyTarget> targets, List<FieldProblem> problems) {
        var isDefault = key.name().equals(DEFAULT_NAME);
        if (key.type() == ResourceType.MESH_POLICY) {
            if (!targets.isEmpty()) {
                problems.add(FieldProblem.unsupported("spec.targets", "a mesh policy has no targets"));
            }
            if (!isDefault) {
                problems.add(FieldProblem.invalid("metadata.name", key.name(), "the one mesh policy is named default"));
            }
        } else if (isDefault && !targets.isEmpty()) {
            problems.add(FieldProblem.unsupported(
                    "spec.targets", "the policy named default is for its whole namespace and has no targets"));
        } else if (!isDefault && targets.isEmpty()) {
            problems.add(new FieldProblem(
                    "spec.targets",
                    FieldProblem.Reason.REQUIRED,
                    "required value: only the policy named default goes without targets"));
        }
    }

    private static PolicyTarget target(Map<String, Object> target, String path, List<FieldProblem> problems) {
        var selectors = new ArrayList<PortSelector>();
        var listed = asList(target.get("ports"));
        for (int i = 0; i < listed.size(); i++) {
            var port = asMap(listed.get(i));
            var number = Optional.ofNullable((Number) port.get("number")).map(Number::intValue);
            var name = Optional.ofNullable((String) port.get("name"));
            if (number.isPresent() == name.isPresent()) {
                problems.add(FieldProblem.invalid(path + ".ports[" + i + "]", port, "a number or a name"));
            }
            selectors.add(new PortSelector(number, name));
        }
        return new PolicyTarget((String) target.getOrDefault("name", ""), selectors);
    }

    /// No peers: plaintext. `mtls` without a mode: mutual TLS only.
    private static MtlsMode mode(List<Object> peers, List<FieldProblem> problems) {
        if (peers.isEmpty()) {
            return MtlsMode.DISABLE;
        }
        if (peers.size() > 1) {
            problems.add(FieldProblem.unsupported("spec.peers", "more than one peer authentication method"));
        }
        var peer = asMap(peers.getFirst());
        if (peer.get("jwt") != null) {
            problems.add(FieldProblem.unsupported("spec.peers[0].jwt", "peer authentication by token"));
        } else if (!peer.containsKey("mtls")) {
            problems.add(FieldProblem.required("spec.peers[0].mtls"));
        }
        var mode = asMap(peer.get("mtls")).getOrDefault("mode", MtlsMode.STRICT.name());
        return MtlsMode.valueOf((String) mode);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> asMap(@Nullable Object value) {
        if (value == null) {
            return Map.of();
        }
        var present = new TreeMap<String, Object>((Map<String, Object>) value);
        present.values().removeIf(java.util.Objects::isNull);
        // A null list entry such as `mtls:` is a choice that was made: it stands for an empty object.
        if (((Map<String, Object>) value).containsKey("mtls")) {
            present.putIfAbsent("mtls", Map.of());
        }
        return present;
    }

    @SuppressWarnings("unchecked")
    static List<Object> asList(@Nullable Object value) {
        return value == null ? List.of() : (List<Object>) value;
    }

    static SortedMap<String, String> asTexts(@Nullable Object value) {
        var texts = new TreeMap<String, String>();
        asMap(value).forEach((name, text) -> texts.put(name, (String) text));
        return Collections.unmodifiableSortedMap(texts);
    }
}
