package io.countersign.local.process;

import io.countersign.local.process.Readiness.Announced;
import io.countersign.local.process.Readiness.Answers;
import io.countersign.local.process.Readiness.Listens;
import io.countersign.local.process.Readiness.Runs;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;

/// Looks once whether a process is ready.
public final class ReadinessProbe {

    private static final int LIMIT_MS = 1000;

    private ReadinessProbe() {}

    public static boolean isReady(Readiness readiness) {
        return switch (readiness) {
            case Answers(URI uri) -> answers(uri);
            case Listens(Endpoint endpoint) -> listens(endpoint);
            case Announced(var file) -> Files.exists(file);
            case Runs() -> true;
        };
    }

    private static boolean answers(URI uri) {
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

    private static boolean listens(Endpoint endpoint) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.address(), endpoint.port()), LIMIT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
