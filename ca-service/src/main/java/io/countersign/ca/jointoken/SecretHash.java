package io.countersign.ca.jointoken;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;

/// SHA-256 of what is not to be stored, or is too long to be.
final class SecretHash {
    private SecretHash() {}

    static byte[] of(String secret) {
        return of(secret.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] of(PublicKey key) {
        return of(key.getEncoded());
    }

    private static byte[] of(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
