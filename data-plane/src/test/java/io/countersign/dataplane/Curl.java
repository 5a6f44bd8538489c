package io.countersign.dataplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The real `curl`, as the seeds call it.
///
/// @param exit its exit code
/// @param output what it wrote, errors included
public record Curl(int exit, String output) {
    public static Curl run(String... arguments) {
        return run(List.of(), arguments);
    }

    /// As another user, which only root may.
    public static Curl runAs(int uid, String... arguments) {
        return run(List.of("setpriv", "--reuid", Integer.toString(uid), "--clear-groups"), arguments);
    }

    private static Curl run(List<String> before, String... arguments) {
        var command = new ArrayList<>(before);
        command.addAll(List.of("curl", "-sS", "--max-time", "60", "-w", "\\ncode=%{http_code}"));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Curl(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public String code() {
        return output.substring(output.lastIndexOf("code=") + "code=".length()).strip();
    }
}
