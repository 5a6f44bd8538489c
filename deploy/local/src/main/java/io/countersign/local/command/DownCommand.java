package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import io.countersign.local.plan.MeshOptions;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "down", mixinStandardHelpOptions = true, description = "Stops what up started; data stays.")
final class DownCommand implements Callable<Integer> {

    @Mixin
    private StateOptions where = new StateOptions();

    @Override
    public Integer call() {
        Optional<MeshOptions> recorded = where.recorded();
        int stopped = recorded.map(options -> LocalMesh.of(options).stopAll(System.out::println))
                .orElse(0);
        System.out.println(stopped == 0 ? "nothing was running" : "stopped " + stopped + " processes");
        return 0;
    }
}
