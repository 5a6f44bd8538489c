package io.countersign.proxy.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The rules as input of `iptables-restore --noflush`, which takes all of it or nothing. Pure.
///
/// The chains have Istio's names and Istio's order of decisions, so that what people know of them holds here.
final class CaptureRules {

    private static final String INBOUND = "ISTIO_INBOUND";
    private static final String IN_REDIRECT = "ISTIO_IN_REDIRECT";
    private static final String OUTPUT = "ISTIO_OUTPUT";
    private static final String REDIRECT = "ISTIO_REDIRECT";
    private static final List<String> CHAINS = List.of(INBOUND, IN_REDIRECT, OUTPUT, REDIRECT);

    /// The kernel's chains, and for each how it leads to ours.
    private static final List<String> JUMPS =
            List.of("-A PREROUTING -p tcp -j " + INBOUND, "-A OUTPUT -p tcp -j " + OUTPUT);

    /// A shell for people, and what the sidecar itself serves: admin, agent's metrics, health, metrics.
    private static final List<Integer> NEVER_INBOUND = List.of(22, 15_000, 15_020, 15_021, 15_090);

    private CaptureRules() {}

    /// What makes the rules be as the options say, whatever was there of them before.
    ///
    /// @param present the table as `iptables-save` prints it
    static String apply(CaptureOptions options, AddressFamily family, List<String> present) {
        // To declare a chain empties it.
        var chains = CHAINS.stream().map(chain -> ":" + chain + " - [0:0]");
        // A jump that is there stays where it is: others may have put theirs behind it.
        var jumps = JUMPS.stream().filter(jump -> !present.contains(jump));
        return table(Stream.of(chains, jumps, rules(options, family).stream()).flatMap(each -> each));
    }

    /// What removes every rule and chain of ours; empty when there is none.
    static String clear(List<String> present) {
        var chains = CHAINS.stream()
                .filter(chain -> present.stream().anyMatch(line -> line.startsWith(":" + chain + " ")))
                .toList();
        if (chains.isEmpty()) {
            return "";
        }
        var jumps = JUMPS.stream()
                .flatMap(jump -> present.stream().filter(jump::equals))
                .map(jump -> jump.replace("-A", "-D"));
        return table(Stream.of(
                        jumps,
                        chains.stream().map(chain -> "-F " + chain),
                        chains.stream().map(chain -> "-X " + chain))
                .flatMap(each -> each));
    }

    private static List<String> rules(CaptureOptions options, AddressFamily family) {
        var rules = new ArrayList<String>();
        rules.add(redirect(REDIRECT, options.proxyPort));
        rules.add(redirect(IN_REDIRECT, options.inboundPort));
        inbound(rules, options);
        notOutbound(rules, options, family);
        outbound(rules, options, family);
        return rules;
    }

    private static void inbound(List<String> rules, CaptureOptions options) {
        NEVER_INBOUND.forEach(port -> rules.add(port(INBOUND, new Port(port), "RETURN")));
        options.excludedInboundPorts.forEach(port -> rules.add(port(INBOUND, port, "RETURN")));
        var ports = options.inboundPorts();
        if (ports.all()) {
            rules.add("-A " + INBOUND + " -p tcp -j " + IN_REDIRECT);
        }
        ports.some().forEach(port -> rules.add(port(INBOUND, port, IN_REDIRECT)));
    }

    private static void notOutbound(List<String> rules, CaptureOptions options, AddressFamily family) {
        String output = "-A " + OUTPUT;
        rules.add(output + " -o lo -s " + family.inboundSource + " -j RETURN");
        options.excludedOutboundPorts.forEach(port -> rules.add(port(OUTPUT, port, "RETURN")));
        var owners = Map.of("--uid-owner ", options.excludedUids, "--gid-owner ", options.excludedGids);
        var exempt = owners.entrySet().stream()
                .sorted(Map.Entry.<String, List<Long>>comparingByKey().reversed())
                .flatMap(owner -> owner.getValue().stream().map(id -> " -m owner " + owner.getKey() + id))
                .toList();
        // The sidecar calls its own workload for it: its inbound side decides, as for any other client.
        exempt.forEach(owner ->
                rules.add(output + " -o lo ! -d " + family.loopback + " -p tcp" + owner + " -j " + IN_REDIRECT));
        exempt.forEach(owner -> rules.add(output + owner + " -j RETURN"));
        rules.add(output + " -o lo -j RETURN");
        options.excludedOutboundRanges.stream()
                .filter(range -> range.family() == family)
                .forEach(range -> rules.add(output + " -d " + range.text() + " -j RETURN"));
    }

    private static void outbound(List<String> rules, CaptureOptions options, AddressFamily family) {
        options.outboundPorts.forEach(port -> rules.add(port(OUTPUT, port, REDIRECT)));
        var ranges = options.outboundRanges();
        if (ranges.all()) {
            rules.add("-A " + OUTPUT + " -j " + REDIRECT);
        }
        ranges.some().stream()
                .filter(range -> range.family() == family)
                .forEach(range -> rules.add("-A " + OUTPUT + " -d " + range.text() + " -j " + REDIRECT));
    }

    private static String redirect(String chain, Port port) {
        return "-A " + chain + " -p tcp -j REDIRECT --to-ports " + port.number();
    }

    private static String port(String chain, Port port, String target) {
        return "-A " + chain + " -p tcp --dport " + port.number() + " -j " + target;
    }

    private static String table(Stream<String> lines) {
        return "*nat\n" + String.join("\n", lines.toList()) + "\nCOMMIT\n";
    }
}
