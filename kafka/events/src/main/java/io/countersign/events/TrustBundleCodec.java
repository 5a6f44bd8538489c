package io.countersign.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.identity.X509Authority;

/// Values of [TopicCatalogue#TRUST], and the same JSON where ca-service answers with a bundle. Certificates are DER
/// in Base64.
public final class TrustBundleCodec {
    private static final String TRUST_BUNDLE = "TrustBundle";
    private static final int VERSION = 1;

    private TrustBundleCodec() {}

    public static byte[] encode(TrustBundle bundle) {
        return JsonRecord.bytes(tree(bundle));
    }

    /// The bundle as a JSON tree, to stand inside another document.
    public static ObjectNode tree(TrustBundle bundle) {
        var node = JsonRecord.create(TRUST_BUNDLE, VERSION)
                .put("trustDomain", bundle.trustDomain().name())
                .put("sequence", bundle.sequence());
        var authorities = node.putArray("authorities");
        for (var authority : bundle.authorities()) {
            authorities
                    .addObject()
                    .put("id", authority.id())
                    .put("state", authority.state().name())
                    .put("certificate", Certificates.encode(authority.certificate()));
        }
        return node;
    }

    public static TrustBundle decode(byte[] value) {
        try {
            var record = JsonRecord.parse(value, TRUST_BUNDLE, VERSION);
            return new TrustBundle(
                    new TrustDomain(record.text("trustDomain")),
                    record.whole("sequence"),
                    record.list("authorities", TrustBundleCodec::authority));
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecord("trust bundle: " + e.getMessage(), e);
        }
    }

    private static X509Authority authority(JsonRecord record) {
        return new X509Authority(
                record.text("id"),
                record.choice("state", AuthorityState.class),
                Certificates.decode(record.text("certificate")));
    }
}
