package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import io.countersign.local.LocalMesh.PartStatus;
import io.countersign.local.backbone.Backbone;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.process.Endpoint;
import io.countersign.mesh.OneLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// The launcher's program, started by `./dev`.
@Command(
        name = "./dev",
        description = "Runs a whole mesh on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = UpCommand.class)
public final class LocalCommand {

    private static final int FAILED = 1;
    private static final int NOT_READY = 3;
    private static final String NAME = "a name that ./dev status shows";

    /// Runs one command; exit code 0, 1 for a failure, 2 for a command line that is not understood.
    public static void main(String[] arguments) {
        var commandLine = new CommandLine(new LocalCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, LocalCommand::duration);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            // The ends of logs and answers may be in it.
            System.err.println(OneLine.ofEach(sentence(failure)));
            return FAILED;
        });
        System.exit(commandLine.execute(arguments));
    }

    @Command(mixinStandardHelpOptions = true, description = "Stops what up started; data stays.")
    void down(@Mixin StateOptions where) {
        int stopped = where.recorded()
                .map(options -> new LocalMesh(options).stopAll(System.out::println))
                .orElse(0);
        System.out.println(stopped == 0 ? "nothing was running" : "stopped " + stopped + " processes");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Shows every process; exit code 0 when all are ready, 3 when not.")
    int status(@Mixin StateOptions where) {
        Optional<MeshOptions> recorded = where.recorded();
        if (recorded.isEmpty()) {
            System.out.println("no mesh was started in " + where.shown() + "; ./dev up starts one");
            return NOT_READY;
        }
        List<PartStatus> parts = new LocalMesh(recorded.get()).status();
        System.out.printf("%-28s %-9s %-8s %s%n", "NAME", "STATE", "PID", "LISTENS");
        parts.forEach(part -> System.out.println(row(part)));
        return parts.stream().allMatch(PartStatus::ready) ? 0 : NOT_READY;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Starts one process that was stopped, and waits until it is ready.")
    void start(@Mixin StateOptions where, @Parameters(paramLabel = "NAME", description = NAME) String name) {
        if (!where.required().startPart(name)) {
            System.out.println(name + " runs already");
        }
    }

    @Command(hidden = true, description = "Starts a process that ended by itself; for the supervisor.")
    void revive(@Mixin StateOptions where, @Parameters(paramLabel = "NAME", description = NAME) String name) {
        if (where.required().revivePart(name)) {
            System.out.println(name + " is started again");
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Stops one process, to see what the others do without it.")
    void stop(
            @Mixin StateOptions where,
            @Option(names = "--kill", description = "End it with SIGKILL instead of SIGTERM.") boolean kill,
            @Parameters(paramLabel = "NAME", description = NAME) String name) {
        if (kill) {
            where.required().killPart(name);
        } else {
            where.required().stopPart(name);
        }
    }

    @Command(hidden = true, description = "Runs broker and database until it is ended.")
    void backbone(@Parameters(paramLabel = "FILE", description = "its properties file") Path file)
            throws IOException, InterruptedException {
        Backbone.run(file);
    }

    private static String row(PartStatus status) {
        String pid =
                status.process().map(process -> Long.toString(process.pid())).orElse("-");
        String listens =
                status.part().endpoints().stream().map(Endpoint::toString).collect(Collectors.joining(" "));
        return "%-28s %-9s %-8s %s"
                .formatted(status.part().name(), status.word(), pid, listens)
                .stripTrailing();
    }

    /// `30s`, `5m`, `24h`, or ISO 8601 as `PT30S`.
    private static Duration duration(String text) {
        try {
            return Duration.parse(text.matches("[0-9]+[smhSMH]") ? "PT" + text : text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + text + "' (expected: a time as 30s, 5m or 24h)");
        }
    }

    private static String sentence(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(fault -> Objects.requireNonNullElse(
                        fault.getMessage(), fault.getClass().getSimpleName()))
                .collect(Collectors.joining(": ", "error: ", ""));
    }
}
