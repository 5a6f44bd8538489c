package io.countersign.cli;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.OneLine;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/// The program `csign`. Every task is a subcommand of it.
@Command(
        name = "csign",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = "Looks into a Countersign mesh.",
        footer = {
            "",
            "Examples:",
            "  csign authn tls-check sleep.full",
            "  csign authn tls-check sleep.full httpbin.full --why --actual",
            "  csign analyze -f policies/",
            "  csign wait policy/httpbin -n full",
            "  csign mesh adopt policy-service",
        },
        subcommands = {
            AuthnCommand.class,
            ProxyStatusCommand.class,
            ProxyConfigCommand.class,
            AnalyzeCommand.class,
            WaitCommand.class,
            MeshCommand.class,
            VersionCommand.class
        })
public final class Csign implements Runnable {
    private final PrintWriter out;
    private final boolean colours;

    private Csign(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    public static void main(String[] args) {
        var out = new PrintWriter(System.out, true, System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        System.exit(run(out, err, isTerminal(), args));
    }

    /// Runs one command.
    ///
    /// @return the exit code: 0, 1 for a failure or an ERROR finding, 2 for a command line that is not understood
    static int run(PrintWriter out, PrintWriter err, boolean colours, String... arguments) {
        return new CommandLine(new Csign(out, colours))
                .setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(colours ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Csign::misunderstood)
                .setExecutionExceptionHandler(Csign::failed)
                .execute(arguments);
    }

    boolean colours() {
        return colours;
    }

    /// Without a subcommand: says what there is.
    @Override
    public void run() {
        out.println(new CommandLine(this).getUsageMessage());
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
                && System.getenv("NO_COLOR") == null;
    }

    private static int misunderstood(ParameterException e, String[] arguments) {
        var command = e.getCommandLine();
        command.getErr().println("error: " + e.getMessage());
        command.getErr().println("see " + command.getCommandSpec().qualifiedName() + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(e instanceof Failure || e instanceof InvalidInput)) {
            throw e;
        }
        command.getErr().println("error: " + OneLine.ofEach(String.valueOf(e.getMessage())));
        return CommandLine.ExitCode.SOFTWARE;
    }
}
