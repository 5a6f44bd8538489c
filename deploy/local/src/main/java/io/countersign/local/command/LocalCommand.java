package io.countersign.local.command;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

/// All commands of the launcher.
@Command(
        name = "./dev",
        description = "Runs a whole mesh on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            StartCommand.class,
            StopCommand.class,
            BackboneCommand.class
        })
public final class LocalCommand {

    private static final int FAILED = 1;

    /// Runs one command.
    ///
    /// @return the exit code: 0, 1 for a failure, 2 for a command line that is not understood
    public static int run(String... arguments) {
        var commandLine = new CommandLine(new LocalCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, LocalCommand::duration);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            System.err.println(sentence(failure));
            return FAILED;
        });
        return commandLine.execute(arguments);
    }

    /// `30s`, `5m`, `24h`, or ISO 8601 as `PT30S`.
    static Duration duration(String text) {
        try {
            return Duration.parse(text.matches("[0-9]+[smhSMH]") ? "PT" + text : text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + text + "' (expected: a time as 30s, 5m or 24h)");
        }
    }

    private static String sentence(Exception failure) {
        var text = new StringBuilder("error: ").append(failure.getMessage());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append(": ").append(cause.getMessage());
        }
        return text.toString();
    }
}
