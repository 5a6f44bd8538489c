package io.countersign.local.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/// The mesh's passwords, tokens and keys: made at random when first asked for, and kept in files for the next start.
final class Secrets {

    private static final int BYTES = 32;

    private final StateFolder state;
    private final SecureRandom random = new SecureRandom();

    Secrets(StateFolder state) {
        this.state = state;
    }

    /// 32 random bytes as base64 for URLs, which fits into every configuration file.
    String password(String name) {
        return kept(name, Base64.getUrlEncoder().withoutPadding());
    }

    /// 32 random bytes as plain base64.
    Path keyFile(String name) {
        kept(name, Base64.getEncoder());
        return state.secret(name);
    }

    private String kept(String name, Base64.Encoder encoder) {
        Path file = state.secret(name);
        if (!Files.exists(file)) {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            state.write(file, encoder.encodeToString(bytes));
        }
        return state.read(file).strip();
    }
}
