package io.countersign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.countersign.mesh.OneLine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What every command that asks the mesh has in common: the way to it, and where to print.
final class Connection {
    private static final String DISTRIBUTOR = "config-distributor";
    private static final String AUTHORITY = "ca-service";

    /// JSON escapes control characters of ASCII by itself, and the others where it is ASCII throughout.
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Where the mesh is (default: $$KUBECONFIG, the local mesh's, ~/.kube/config).")
    private Optional<Path> kubeconfig = Optional.empty();

    @Option(names = "--context", paramLabel = "NAME", description = "Another context than the current one.")
    private Optional<String> context = Optional.empty();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "The namespace (default: the context's).")
    private Optional<String> namespace = Optional.empty();

    /// Set by picocli before it runs the command.
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    MeshClient distributor() {
        return new MeshClient(DISTRIBUTOR, read().cluster(DISTRIBUTOR));
    }

    MeshClient api() {
        return new MeshClient("policy-service", read().current());
    }

    /// ca-service, which has an administrator of its own: the user of its own name.
    MeshClient authority() {
        return new MeshClient(AUTHORITY, read().cluster(AUTHORITY, AUTHORITY));
    }

    /// The namespace on the command line.
    Optional<String> namedNamespace() {
        return namespace;
    }

    String namespace() {
        return namespace.orElseGet(() -> read().namespace());
    }

    /// One line of the answer.
    void print(String line) {
        out().println(OneLine.of(line));
    }

    /// One line beside the answer.
    void note(String line) {
        spec.commandLine().getErr().println("note: " + OneLine.of(line));
    }

    void print(TextTable table) {
        table.print(out(), ((Csign) spec.root().userObject()).colours());
    }

    void print(JsonNode tree) {
        try {
            out().println(JSON.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree has no values that JSON lacks", e);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private Kubeconfig read() {
        return Kubeconfig.read(kubeconfig, context);
    }
}
