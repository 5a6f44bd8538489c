package io.countersign.events;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.config.NamespaceRules;
import io.countersign.mesh.config.NamespaceRules.NamedRule;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.Subset;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import io.countersign.mesh.resource.ResourceSpec.TrafficTls;
import java.util.Optional;

/// The rules of a namespace as JSON; what a rule leaves open is left out.
final class RulesJson {
    private RulesJson() {}

    static ObjectNode write(ObjectNode node, NamespaceRules rules) {
        ArrayNode list = node.putArray("destinationRules");
        rules.destinationRules().forEach(named -> rule(list.addObject().put("name", named.name()), named.rule()));
        return node;
    }

    static NamespaceRules read(String namespace, JsonRecord record) {
        return new NamespaceRules(
                namespace,
                record.list("destinationRules", rule -> new NamedRule(rule.text("name"), destinationRule(rule))));
    }

    private static void rule(ObjectNode node, DestinationRuleSpec rule) {
        node.put("host", rule.host());
        JsonRecord.texts(node, "exportTo", rule.exportTo());
        node.set("workloadSelector", JsonRecord.texts(rule.workloadSelector()));
        rule.traffic().ifPresent(traffic -> traffic(node.putObject("traffic"), traffic));
        var subsets = node.putObject("subsets");
        rule.subsets().forEach((name, subset) -> {
            var entry = subsets.putObject(name);
            entry.set("labels", JsonRecord.texts(subset.labels()));
            subset.traffic().ifPresent(traffic -> traffic(entry.putObject("traffic"), traffic));
        });
    }

    private static DestinationRuleSpec destinationRule(JsonRecord rule) {
        return new DestinationRuleSpec(
                rule.text("host"),
                rule.list("exportTo", JsonRecord::asText),
                rule.textMap("workloadSelector"),
                rule.optionalObject("traffic", RulesJson::traffic),
                rule.map(
                        "subsets",
                        name -> name,
                        subset -> new Subset(
                                subset.textMap("labels"), subset.optionalObject("traffic", RulesJson::traffic))));
    }

    private static void traffic(ObjectNode node, TrafficTls traffic) {
        traffic.tls().ifPresent(tls -> tls(node.putObject("tls"), tls));
        var ports = node.putObject("ports");
        traffic.ports().forEach((port, settings) -> {
            var entry = ports.putObject(port.toString());
            settings.ifPresent(tls -> tls(entry.putObject("tls"), tls));
        });
    }

    private static TrafficTls traffic(JsonRecord traffic) {
        return new TrafficTls(
                traffic.optionalObject("tls", RulesJson::tls),
                traffic.map("ports", Integer::valueOf, port -> port.optionalObject("tls", RulesJson::tls)));
    }

    private static void tls(ObjectNode node, ClientTls tls) {
        node.put("mode", tls.mode().name());
        put(node, "clientCertificate", tls.clientCertificate());
        put(node, "privateKey", tls.privateKey());
        put(node, "caCertificates", tls.caCertificates());
        JsonRecord.texts(node, "subjectAltNames", tls.subjectAltNames());
        put(node, "sni", tls.sni());
        node.put("insecureSkipVerify", tls.insecureSkipVerify());
    }

    private static ClientTls tls(JsonRecord tls) {
        var mode = tls.choice("mode", TlsMode.class);
        var subjectAltNames = tls.list("subjectAltNames", JsonRecord::asText);
        if (mode == TlsMode.ISTIO_MUTUAL) {
            // Whoever routes by the rule relies on it.
            subjectAltNames.forEach(SpiffeId::parse);
        }
        return new ClientTls(
                mode,
                tls.optionalText("clientCertificate"),
                tls.optionalText("privateKey"),
                tls.optionalText("caCertificates"),
                subjectAltNames,
                tls.optionalText("sni"),
                tls.flag("insecureSkipVerify"));
    }

    private static void put(ObjectNode node, String field, Optional<String> value) {
        value.ifPresent(text -> node.put(field, text));
    }
}
