package io.countersign.local.command;

import io.countersign.local.backbone.Backbone;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "backbone", hidden = true, description = "Runs broker and database until it is ended.")
final class BackboneCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "its properties file")
    private Path file = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        Backbone.main(new String[] {file.toString()});
        return 0;
    }
}
