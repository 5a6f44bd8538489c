package io.countersign.ca.attestation;

import io.countersign.ca.CaSettings;
import io.countersign.ca.ErrorCode;
import io.countersign.ca.RequestRefused;
import io.countersign.mesh.InvalidInput;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// The administrator's bearer token (RFC 6750), read once at start. Only its hash is kept, and hashes are compared in
/// constant time, so that neither the time nor the length of a guess tells anything.
@Singleton
@Startup
public class AdminToken {
    private static final String SCHEME = "Bearer ";
    private static final int LENGTH_MIN = 16;

    private final byte[] hash;

    AdminToken(CaSettings settings) {
        this.hash = hash(read(settings.adminTokenFile()));
    }

    /// [RequestRefused] when the header does not hold the token.
    public void require(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new RequestRefused(ErrorCode.UNAUTHENTICATED, "authorization: no bearer token");
        }
        if (!MessageDigest.isEqual(
                hash, hash(authorization.substring(SCHEME.length()).strip()))) {
            throw new RequestRefused(ErrorCode.UNAUTHENTICATED, "authorization: not the administrator's token");
        }
    }

    private static String read(Path file) {
        try {
            var token = Files.readString(file).strip();
            if (token.length() < LENGTH_MIN) {
                throw new InvalidInput(
                        "admin token file " + file + ": too short (expected: " + LENGTH_MIN + " characters)");
            }
            return token;
        } catch (IOException e) {
            throw new UncheckedIOException("admin token file " + file + ": not readable", e);
        }
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
