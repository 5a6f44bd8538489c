package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Stops one process, to see what the others do without it.")
final class StopCommand implements Callable<Integer> {

    @Mixin
    private StateOptions where = new StateOptions();

    @Option(names = "--kill", description = "End it with SIGKILL instead of SIGTERM.")
    private boolean kill;

    @Parameters(paramLabel = "NAME", description = "a name that ./dev status shows")
    private String name = "";

    @Override
    public Integer call() {
        var mesh = LocalMesh.of(where.required());
        if (kill) {
            mesh.killPart(name);
        } else {
            mesh.stopPart(name);
        }
        return 0;
    }
}
