package io.countersign.ca.attestation;

import io.countersign.ca.CaSettings;
import io.countersign.ca.ErrorCode;
import io.countersign.controlplane.BearerToken;
import io.countersign.controlplane.RequestRefused;
import io.countersign.identity.Sha256;
import io.countersign.mesh.InvalidInput;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// The administrator's bearer token (RFC 6750), read once at start. Only its hash is kept, and hashes are compared in
/// constant time, so that neither the time nor the length of a guess tells anything.
@Singleton
@Startup
public class AdminToken {
    private static final int LENGTH_MIN = 16;

    private final byte[] hash;

    AdminToken(CaSettings settings) {
        this.hash = Sha256.of(read(settings.adminTokenFile()));
    }

    /// [RequestRefused] when the header does not hold the token.
    public void require(@Nullable String authorization) {
        var token = BearerToken.in(authorization)
                .orElseThrow(() -> new RequestRefused(ErrorCode.UNAUTHENTICATED, "authorization: no bearer token"));
        if (!MessageDigest.isEqual(hash, Sha256.of(token))) {
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
}
