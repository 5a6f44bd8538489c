package io.countersign.ca.issuance;

import io.countersign.ca.JsonFields;
import io.countersign.identity.JoinToken;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What comes to `POST /v1/svids`.
///
/// @param joinToken empty when the caller renews with a present SVID
record IssuanceRequest(String csr, Optional<JoinToken> joinToken) {
    private static final Set<String> FIELDS = Set.of("csr", "joinToken");

    static IssuanceRequest parse(String body) {
        var fields = JsonFields.parse(body, FIELDS);
        var csr = fields.required("csr", Function.identity());
        var token = fields.optional("joinToken", JoinToken::parse);
        fields.requireSound();
        return new IssuanceRequest(csr.orElseThrow(), token);
    }
}
