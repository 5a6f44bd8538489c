package io.countersign.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "version", mixinStandardHelpOptions = true, description = "Prints csign's version.")
final class VersionCommand implements Runnable {

    /// Set by picocli before it runs the command.
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Csign csign;

    @Override
    public void run() {
        csign.out().println(BuildVersion.text());
    }
}
