package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import io.countersign.local.PartStatus;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.process.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows every process; exit code 0 when all are ready, 3 when not.")
final class StatusCommand implements Callable<Integer> {

    private static final int NOT_READY = 3;

    @Mixin
    private StateOptions where = new StateOptions();

    @Override
    public Integer call() {
        Optional<MeshOptions> recorded = where.recorded();
        if (recorded.isEmpty()) {
            System.out.println("no mesh was started in " + where.shown() + "; ./dev up starts one");
            return NOT_READY;
        }
        List<PartStatus> parts = LocalMesh.of(recorded.get()).status();
        System.out.printf("%-28s %-9s %-8s %s%n", "NAME", "STATE", "PID", "LISTENS");
        parts.forEach(part -> System.out.println(row(part)));
        return parts.stream().allMatch(PartStatus::ready) ? 0 : NOT_READY;
    }

    private static String row(PartStatus status) {
        String pid =
                status.process().map(process -> Long.toString(process.pid())).orElse("-");
        String listens =
                status.part().endpoints().stream().map(Endpoint::toString).collect(Collectors.joining(" "));
        return "%-28s %-9s %-8s %s"
                .formatted(status.part().name(), status.word(), pid, listens)
                .stripTrailing();
    }
}
