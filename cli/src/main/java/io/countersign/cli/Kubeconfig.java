package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// What kubectl's configuration says of the mesh: the current context's user, and where the services are.
///
/// @param file where it was read
/// @param context the context in use
record Kubeconfig(Path file, JsonNode tree, JsonNode context) {
    private static final String DEFAULT_NAMESPACE = "default";

    /// One service and the way to it.
    ///
    /// @param serverName the name in its certificate; empty for the one in the address
    /// @param authorities PEM; empty for the system's
    /// @param token empty sends none
    record Endpoint(
            URI server, Optional<String> serverName, Optional<String> authorities, Optional<String> token, Path file) {
        @Override
        public String toString() {
            return "Endpoint[" + server + "]";
        }
    }

    /// Reads the file that kubectl would read.
    ///
    /// @param named on the command line
    /// @param context on the command line; empty for the current one
    static Kubeconfig read(Optional<Path> named, Optional<String> context) {
        var file = named.orElseGet(Kubeconfig::usual);
        if (!Files.exists(file)) {
            throw new Failure("kubeconfig: " + file
                    + " does not exist (expected: a mesh started by ./dev up, --kubeconfig FILE or $KUBECONFIG)");
        }
        try {
            var tree = YAMLMapper.builder().build().readTree(file.toFile());
            var name = context.orElseGet(() -> tree.path("current-context").asText(""));
            return new Kubeconfig(file, tree, entry(file, tree, "contexts", name, "context"));
        } catch (IOException e) {
            throw new Failure("kubeconfig: " + file + " is not readable YAML", e);
        }
    }

    /// The namespace that holds where none is named.
    String namespace() {
        return context.path("namespace").asText(DEFAULT_NAMESPACE);
    }

    /// The current context's own cluster.
    Endpoint current() {
        return cluster(context.path("cluster").asText(""));
    }

    /// Another cluster of the file, as the current context's user.
    Endpoint cluster(String name) {
        return cluster(name, context.path("user").asText(""));
    }

    /// A cluster of the file, as another user than the current context's.
    Endpoint cluster(String name, String userName) {
        var cluster = entry(file, tree, "clusters", name, "cluster");
        if (cluster.path("insecure-skip-tls-verify").asBoolean()) {
            throw new Failure(
                    "kubeconfig: insecure-skip-tls-verify in " + file + " (expected: a certificate-authority)");
        }
        var user = entry(file, tree, "users", userName, "user");
        return new Endpoint(
                URI.create(cluster.path("server").asText()),
                text(cluster, "tls-server-name"),
                text(cluster, "certificate-authority-data")
                        .map(data -> new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8))
                        .or(() -> text(cluster, "certificate-authority").map(this::content)),
                text(user, "token").or(() -> text(user, "tokenFile").map(this::content)),
                file);
    }

    private static Path usual() {
        // Of several files kubectl would merge, the first that is there counts.
        return Optional.ofNullable(System.getenv("KUBECONFIG")).stream()
                .flatMap(paths -> Arrays.stream(paths.split(File.pathSeparator)))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .reduce((first, second) -> Files.exists(first) ? first : second)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".kube", "config"));
    }

    private static JsonNode entry(Path file, JsonNode tree, String list, String name, String field) {
        for (var entry : tree.path(list)) {
            if (entry.path("name").asText().equals(name)) {
                return entry.path(field);
            }
        }
        throw new Failure("kubeconfig: no " + field + " " + name + " in " + file
                + " (expected: one written by ./dev up, or see docs/csign.md)");
    }

    /// A path in the file is relative to the file, as kubectl has it.
    private String content(String path) {
        try {
            return Files.readString(file.toAbsolutePath().resolveSibling(path)).strip();
        } catch (IOException e) {
            throw new Failure("kubeconfig: " + path + ", named in " + file + ", is not readable", e);
        }
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field).asText("")).filter(text -> !text.isEmpty());
    }

    @Override
    public String toString() {
        return "Kubeconfig[" + file + "]";
    }
}
