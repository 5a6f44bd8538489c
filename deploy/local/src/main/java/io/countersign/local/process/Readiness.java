package io.countersign.local.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// How one sees that a process does its work.
public sealed interface Readiness {

    int LIMIT_MS = 1000;

    /// Looks once.
    boolean isReady();

    /// It answers 200.
    record Answers(URI uri) implements Readiness {
        @Override
        public boolean isReady() {
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

    /// It accepts connections.
    record Listens(Endpoint endpoint) implements Readiness {
        @Override
        public boolean isReady() {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(endpoint.address(), endpoint.port()), LIMIT_MS);
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /// It made the file.
    record Announced(Path file) implements Readiness {
        @Override
        public boolean isReady() {
            return Files.exists(file);
        }
    }

    /// It runs.
    record Runs() implements Readiness {
        @Override
        public boolean isReady() {
            return true;
        }
    }
}
