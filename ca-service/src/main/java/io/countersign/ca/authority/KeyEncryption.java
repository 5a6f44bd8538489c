package io.countersign.ca.authority;

import io.countersign.mesh.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Keys at rest: AES-256-GCM (NIST SP 800-38D) with a random nonce for each, bound to the authority's id. Stored as
/// one octet of version, twelve of nonce, then the text with its tag.
final class KeyEncryption {
    private static final byte VERSION = 1;
    private static final int KEY_OCTETS = 32;
    private static final int NONCE_OCTETS = 12;
    private static final int TAG_BITS = 128;
    private static final int HEADER_OCTETS = 1 + NONCE_OCTETS;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey key;

    KeyEncryption(byte[] key) {
        if (key.length != KEY_OCTETS) {
            throw InvalidInput.of("key-encryption key's length", key.length, KEY_OCTETS + " bytes in Base64");
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    /// Reads the key-encryption key; [InvalidInput] when the file does not hold one.
    static KeyEncryption fromFile(Path file) {
        try {
            return new KeyEncryption(
                    Base64.getDecoder().decode(Files.readString(file).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException("key-encryption key file " + file + ": not readable", e);
        } catch (IllegalArgumentException e) {
            // The cause would say what stands in the file.
            throw new InvalidInput("key-encryption key file " + file + ": not " + KEY_OCTETS + " bytes in Base64");
        }
    }

    byte[] encrypt(byte[] text, String authorityId) {
        var nonce = new byte[NONCE_OCTETS];
        RANDOM.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, authorityId).doFinal(text);
            return ByteBuffer.allocate(HEADER_OCTETS + sealed.length)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /// [IllegalStateException] when it was encrypted under another key or for another authority, or was changed.
    byte[] decrypt(byte[] stored, String authorityId) {
        if (stored.length <= HEADER_OCTETS || stored[0] != VERSION) {
            throw new IllegalStateException("stored key of authority " + authorityId + ": of an unknown form");
        }
        var nonce = Arrays.copyOfRange(stored, 1, HEADER_OCTETS);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, authorityId)
                    .doFinal(stored, HEADER_OCTETS, stored.length - HEADER_OCTETS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "stored key of authority " + authorityId + ": not of this key-encryption key, or changed", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String authorityId) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(authorityId.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
