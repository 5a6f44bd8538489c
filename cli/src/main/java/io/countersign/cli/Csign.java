package io.countersign.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program `csign`. Every task is a subcommand of it.
@Command(
        name = "csign",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = "Looks into a Countersign mesh.",
        subcommands = VersionCommand.class)
public final class Csign implements Runnable {

    private final PrintWriter out;

    private Csign(PrintWriter out) {
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true, System.out.charset()), args));
    }

    /// Runs one command.
    ///
    /// @return the exit code: 0, 1 for a failure, 2 for a command line that is not understood
    static int run(PrintWriter out, String... arguments) {
        return new CommandLine(new Csign(out)).setOut(out).execute(arguments);
    }

    PrintWriter out() {
        return out;
    }

    /// Without a subcommand: says what there is.
    @Override
    public void run() {
        out.println(new CommandLine(this).getUsageMessage());
    }
}
