package io.countersign.ca.jointoken;

import io.countersign.ca.CaSettings;
import io.countersign.ca.JsonFields;
import io.countersign.ca.Registration;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The request for a join token.
record CreateJoinToken(Registration registration, Duration lifetime) {
    private static final Set<String> FIELDS = Set.of("spiffeId", "nodeId", "dnsNames", "timeToLive");
    private static final int DNS_NAMES_MAX = 16;

    /// Parses a body; a refusal names everything that is wrong with it.
    static CreateJoinToken parse(String body, CaSettings settings) {
        var fields = JsonFields.parse(body, FIELDS);
        var spiffeId = fields.required("spiffeId", SpiffeId::parse);
        var nodeId = fields.required("nodeId", NodeId::new);
        var dnsNames = fields.texts("dnsNames");
        var attestation = settings.attestation();
        var lifetime = fields.duration("timeToLive").orElse(attestation.joinTokenLifetime());
        spiffeId.ifPresent(id -> judgeIdentity(id, settings, fields));
        judgeDnsNames(dnsNames, fields);
        if (!lifetime.isPositive() || lifetime.compareTo(attestation.joinTokenLifetimeMax()) > 0) {
            fields.problem(
                    "timeToLive: " + lifetime + " (expected: > 0 and <= " + attestation.joinTokenLifetimeMax() + ")");
        }
        fields.requireSound();
        return new CreateJoinToken(new Registration(spiffeId.orElseThrow(), nodeId.orElseThrow(), dnsNames), lifetime);
    }

    private static void judgeIdentity(SpiffeId id, CaSettings settings, JsonFields fields) {
        if (!id.trustDomain().equals(settings.trustDomain())) {
            fields.problem("spiffeId: " + id + " (expected: in trust domain " + settings.trustDomain() + ")");
        } else if (id.path().isEmpty() || id.equals(settings.ownSpiffeId())) {
            fields.problem("spiffeId: " + id + " (expected: not the authority's own)");
        }
    }

    private static void judgeDnsNames(List<String> names, JsonFields fields) {
        if (names.size() > DNS_NAMES_MAX) {
            fields.problem("dnsNames: " + names.size() + " (expected: at most " + DNS_NAMES_MAX + ")");
        }
        names.stream()
                .filter(name -> !Registration.isDnsName(name))
                .forEach(name -> fields.problem("dnsNames: " + name + " (expected: a host name in lower case)"));
    }
}
