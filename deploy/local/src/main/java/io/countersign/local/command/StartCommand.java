package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Starts one process that was stopped, and waits until it is ready.")
final class StartCommand implements Callable<Integer> {

    @Mixin
    private StateOptions where = new StateOptions();

    @Parameters(paramLabel = "NAME", description = "a name that ./dev status shows")
    private String name = "";

    @Override
    public Integer call() {
        LocalMesh.of(where.required()).startPart(name);
        return 0;
    }
}
