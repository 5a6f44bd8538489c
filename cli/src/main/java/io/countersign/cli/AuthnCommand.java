package io.countersign.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "authn",
        mixinStandardHelpOptions = true,
        description = "Looks into authentication.",
        subcommands = TlsCheckCommand.class)
final class AuthnCommand implements Runnable {

    /// Set by picocli before it runs the command.
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "authn: no subcommand (expected: tls-check)");
    }
}
