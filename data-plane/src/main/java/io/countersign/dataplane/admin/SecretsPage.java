package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.dataplane.tls.TlsMaterial;
import java.util.Optional;

/// The certificate in use and whom the node trusts; never a key.
final class SecretsPage {
    private SecretsPage() {}

    static ObjectNode of(Optional<TlsContexts> contexts) {
        var page = JsonNodeFactory.instance.objectNode().putNull("certificate").putNull("trust");
        contexts.map(TlsContexts::material).ifPresent(material -> describe(material, page));
        return page;
    }

    private static void describe(TlsMaterial material, ObjectNode page) {
        var leaf = material.leaf();
        page.putObject("certificate")
                .put("serial", leaf.getSerialNumber().toString(16))
                .put("spiffeId", material.identity().toString())
                .put("notBefore", leaf.getNotBefore().toInstant().toString())
                .put("notAfter", leaf.getNotAfter().toInstant().toString());
        var bundle = material.bundle();
        var authorities = page.putObject("trust")
                .put("trustDomain", bundle.trustDomain().name())
                .put("sequence", bundle.sequence())
                .putArray("authorities");
        bundle.authorities()
                .forEach(authority -> authorities
                        .addObject()
                        .put("id", authority.id())
                        .put("state", authority.state().name())
                        .put(
                                "subject",
                                authority
                                        .certificate()
                                        .getSubjectX500Principal()
                                        .getName())
                        .put(
                                "notAfter",
                                authority
                                        .certificate()
                                        .getNotAfter()
                                        .toInstant()
                                        .toString()));
    }
}
