package io.countersign.events;

import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;

/// Values of [TopicCatalogue#REVOCATIONS]. Whoever cannot read one must take its key for revoked.
public final class RevocationCodec {
    private static final String REVOCATION = "Revocation";
    private static final int VERSION = 1;

    private RevocationCodec() {}

    public static byte[] encode(Revocation revocation) {
        return JsonRecord.bytes(JsonRecord.create(REVOCATION, VERSION)
                .put("lifted", revocation.lifted())
                .put("at", revocation.at().toString())
                .put("until", revocation.until().toString())
                .put("reason", revocation.reason()));
    }

    public static Revocation decode(RevocationKey key, byte[] value) {
        var record = JsonRecord.parse(value, REVOCATION, VERSION);
        return new Revocation(
                key,
                record.flag("lifted"),
                ResourceCodec.instant(record, "at"),
                ResourceCodec.instant(record, "until"),
                record.text("reason"));
    }
}
