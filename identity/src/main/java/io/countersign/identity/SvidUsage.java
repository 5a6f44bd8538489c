package io.countersign.identity;

/// What an SVID is shown for; its extended key usage must allow it.
public enum SvidUsage {
    SERVER("1.3.6.1.5.5.7.3.1"),
    CLIENT("1.3.6.1.5.5.7.3.2");

    private final String oid;

    SvidUsage(String oid) {
        this.oid = oid;
    }

    String oid() {
        return oid;
    }
}
