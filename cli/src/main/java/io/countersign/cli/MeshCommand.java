package io.countersign.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "mesh",
        mixinStandardHelpOptions = true,
        description = "Decides what no service decides by itself.",
        subcommands = AdoptCommand.class)
final class MeshCommand implements Runnable {

    /// Set by picocli before it runs the command.
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "mesh: no subcommand (expected: adopt)");
    }
}
