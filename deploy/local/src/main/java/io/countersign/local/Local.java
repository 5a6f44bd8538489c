package io.countersign.local;

import io.countersign.local.command.LocalCommand;

/// The launcher's program, started by `./dev`.
public final class Local {

    private Local() {}

    public static void main(String[] args) {
        System.exit(LocalCommand.run(args));
    }
}
