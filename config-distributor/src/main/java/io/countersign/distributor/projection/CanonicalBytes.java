package io.countersign.distributor.projection;

import java.util.Arrays;

/// A config record as it stands on the bus. Equal records have equal bytes, so that unequal bytes mean a change.
public final class CanonicalBytes {
    private final byte[] bytes;

    /// The bytes are handed over, not copied.
    public CanonicalBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The bytes themselves, which must not be changed.
    public byte[] array() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CanonicalBytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
