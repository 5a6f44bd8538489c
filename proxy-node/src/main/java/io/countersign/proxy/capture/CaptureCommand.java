package io.countersign.proxy.capture;

import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Writes and removes the rules that lead connections to a sidecar, in the network namespace that it is started in.
@Command(
        name = "capture",
        description = "Leads the connections of this network namespace to a sidecar.",
        mixinStandardHelpOptions = true)
public final class CaptureCommand {

    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final List<NatTable> tables;

    private CaptureCommand(List<NatTable> tables) {
        this.tables = tables;
    }

    /// Exit code 0, 1 for a failure, 2 for a command line that is not understood.
    public static void main(String[] arguments) {
        System.exit(of(KernelTable.all()).execute(arguments));
    }

    static CommandLine of(List<NatTable> tables) {
        return new CommandLine(new CaptureCommand(tables))
                .registerConverter(Port.class, text -> converted(text, Port::parse))
                .registerConverter(AddressRange.class, text -> converted(text, AddressRange::parse))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("error: " + failure.getMessage());
                    return FAILED;
                });
    }

    @Command(mixinStandardHelpOptions = true, description = "Writes the rules; those that were there are replaced.")
    void apply(
            @Mixin CaptureOptions options,
            @Option(names = "--dry-run", description = "Print what would be done to a namespace without the rules.")
                    boolean dryRun) {
        if (dryRun) {
            tables.forEach(table -> print(table.family(), CaptureRules.apply(options, table.family(), List.of())));
            return;
        }
        try {
            tables.forEach(table -> table.change(CaptureRules.apply(options, table.family(), table.read())));
        } catch (RuntimeException e) {
            withdraw(e);
            throw e;
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Removes the rules.")
    void clear(@Option(names = "--dry-run", description = "Print what would be done.") boolean dryRun) {
        for (NatTable table : tables) {
            String change = CaptureRules.clear(table.read());
            if (dryRun) {
                print(table.family(), change);
            } else {
                table.change(change);
            }
        }
    }

    private static <T> T converted(String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(text + ": " + e.getMessage());
        }
    }

    /// Half a capture lets one family past the sidecar, so a failure leaves none.
    private void withdraw(RuntimeException failure) {
        for (NatTable table : tables) {
            try {
                table.change(CaptureRules.clear(table.read()));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /// As a shell would do it.
    private void print(AddressFamily family, String rules) {
        if (!rules.isEmpty()) {
            spec.commandLine()
                    .getOut()
                    .print("%s-restore --noflush <<'RULES'\n%sRULES\n".formatted(family.program, rules));
            spec.commandLine().getOut().flush();
        }
    }
}
