package io.countersign.policy.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The users of a Kubernetes static token file: one `token,user,uid,"group1,group2"` a line, the groups optional.
/// Only digests of the tokens are kept.
public final class UserTable {
    private final List<Entry> entries;

    private UserTable(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// Reads the file; [IllegalArgumentException] with the line's number, never its text, for what is no user.
    public static UserTable load(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException("users file " + file, e);
        }
    }

    static UserTable parse(List<String> lines) {
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
                entries.add(entry(lines.get(i), i + 1));
            }
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("users file: no users (expected: at least one)");
        }
        return new UserTable(entries);
    }

    /// The user of a token. Every entry is compared, and in constant time.
    public Optional<User> find(String token) {
        var digest = digest(token);
        Optional<User> found = Optional.empty();
        for (var entry : entries) {
            if (MessageDigest.isEqual(entry.digest, digest)) {
                found = Optional.of(entry.user);
            }
        }
        return found;
    }

    private static Entry entry(String line, int number) {
        var columns = columns(line);
        if (columns.size() < 3 || columns.get(0).isBlank() || columns.get(1).isBlank()) {
            throw new IllegalArgumentException("users file line " + number + ": expected token,user,uid,\"groups\"");
        }
        Set<String> groups = new HashSet<>();
        if (columns.size() > 3) {
            for (var group : columns.get(3).split(",", -1)) {
                if (!group.isBlank()) {
                    groups.add(group.strip());
                }
            }
        }
        return new Entry(digest(columns.get(0).strip()), new User(columns.get(1).strip(), groups));
    }

    /// The columns of a CSV line; quotes keep commas together.
    private static List<String> columns(String line) {
        var columns = new ArrayList<String>();
        var column = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            var character = line.charAt(i);
            if (character == '"') {
                quoted = !quoted;
            } else if (character == ',' && !quoted) {
                columns.add(column.toString());
                column.setLength(0);
            } else {
                column.append(character);
            }
        }
        columns.add(column.toString());
        return columns;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing from the platform", e);
        }
    }

    private static final class Entry {
        private final byte[] digest;
        private final User user;

        Entry(byte[] digest, User user) {
            this.digest = digest;
            this.user = user;
        }
    }
}
