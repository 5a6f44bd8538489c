package io.countersign.local.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// How one sees that a process does its work.
public sealed interface Readiness {

    int LIMIT_MS = 1000;

    /// Looks once.
    ///
    /// @param process the part's
    boolean isReady(ProcessIdentity process);

    /// It answers 200.
    record Answers(URI uri) implements Readiness {
        @Override
        public boolean isReady(ProcessIdentity process) {
            try {
                var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
                connection.setConnectTimeout(LIMIT_MS);
                connection.setReadTimeout(LIMIT_MS);
                try {
                    return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
                } finally {
                    connection.disconnect();
                }
            } catch (IOException e) {
                return false;
            }
        }
    }

    /// It, or something in the network namespace that it is in, listens there. To connect would tell nothing of a pod:
    /// its sidecar is the one that accepts.
    record Listens(Endpoint endpoint) implements Readiness {
        @Override
        public boolean isReady(ProcessIdentity process) {
            return Ports.socket(Path.of("/proc", Long.toString(process.pid()), "net"), endpoint)
                    .isPresent();
        }
    }

    /// It made the file.
    record Announced(Path file) implements Readiness {
        @Override
        public boolean isReady(ProcessIdentity process) {
            return Files.exists(file);
        }
    }

    /// It runs.
    record Runs() implements Readiness {
        @Override
        public boolean isReady(ProcessIdentity process) {
            return true;
        }
    }
}
