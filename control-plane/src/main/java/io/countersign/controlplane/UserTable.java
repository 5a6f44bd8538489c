package io.countersign.controlplane;

import io.countersign.identity.Sha256;
import io.countersign.mesh.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The users of a Kubernetes static token file: one `token,user,uid,"group1,group2"` a line, the groups optional.
/// Only digests of the tokens are kept, and looked up: how long that takes tells nothing about a token.
public final class UserTable {
    private static final Pattern LINE = Pattern.compile(
            "\\s*([^,\"]*[^,\"\\s])\\s*,\\s*([^,\"]*[^,\"\\s])\\s*,[^,\"]*(?:,(?:\"([^\"]*)\"|([^,\"]*))\\s*)?");

    private final Map<String, User> byDigest;

    private UserTable(Map<String, User> byDigest) {
        this.byDigest = Map.copyOf(byDigest);
    }

    /// Reads the file; [InvalidInput] with the line's number, never its text, for what is no user.
    public static UserTable load(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException("users file " + file, e);
        }
    }

    static UserTable parse(List<String> lines) {
        var users = new HashMap<String, User>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
                var line = LINE.matcher(lines.get(i));
                if (!line.matches()) {
                    throw new InvalidInput("users file line " + (i + 1) + ": expected token,user,uid,\"groups\"");
                }
                var groups = line.group(3) == null ? line.group(4) : line.group(3);
                users.put(Sha256.hex(line.group(1)), user(line.group(2), groups));
            }
        }
        if (users.isEmpty()) {
            throw new InvalidInput("users file: no users (expected: at least one)");
        }
        return new UserTable(users);
    }

    /// The user of a token.
    public Optional<User> find(String token) {
        return Optional.ofNullable(byDigest.get(Sha256.hex(token)));
    }

    private static User user(String name, @Nullable String groups) {
        return new User(
                name,
                Arrays.stream(groups == null ? new String[0] : groups.split(",", -1))
                        .map(String::strip)
                        .filter(group -> !group.isEmpty())
                        .collect(Collectors.toUnmodifiableSet()));
    }
}
