package io.countersign.dataplane;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// One of a load's connections. Requests are of a kind that no proxy repeats by itself.
interface LoadConnection extends Closeable {
    /// How clients open theirs.
    @FunctionalInterface
    interface Dialect {
        /// Opens one.
        ///
        /// @param kept whether more than one request will be sent
        LoadConnection connect(boolean kept) throws Exception;
    }

    /// Sends a request with a word and reads its answer.
    ///
    /// @return whether the connection takes another one
    boolean ask(String word) throws Exception;

    /// Requests to an HTTP proxy.
    static Dialect http1(int port) {
        return kept -> new Http1(new RawClient(port), kept ? "\r\n" : "Connection: close\r\n\r\n");
    }

    /// HTTP/2 by prior knowledge.
    static Dialect http2(HttpClientAgent client, int port) {
        var to = new HttpConnectOptions().setHost("127.0.0.1").setPort(port);
        return _ -> new Http2(Http2.get(client.connect(to)));
    }

    /// Bytes that are no HTTP, answered with themselves.
    static Dialect tcp(int port) {
        return _ -> new Tcp(new RawClient(port));
    }

    private static void expect(boolean good, Object answer) throws IOException {
        if (!good) {
            throw new IOException("answer: " + answer);
        }
    }

    /// HTTP/1.1.
    record Http1(RawClient client, String end) implements LoadConnection {
        @Override
        public boolean ask(String word) throws IOException {
            client.send(
                    "POST http://httpbin.full:8000/" + word + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + end);
            var answer = client.readResponse();
            expect(answer.startsWith("HTTP/1.1 200 ") && answer.contains(word), answer);
            return !answer.toLowerCase(Locale.ROOT).contains("connection: close");
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /// HTTP/2.
    record Http2(HttpClientConnection connection) implements LoadConnection {
        private static final long PATIENCE_SECONDS = 30;

        @Override
        public boolean ask(String word) throws Exception {
            var request = new RequestOptions().setMethod(HttpMethod.POST).setURI("/" + word);
            var status = new StringBuilder();
            var body = get(connection.request(request).compose(sent -> {
                // Before it is sent: who asks for the body of a response that is there already may be late for it.
                var answered = sent.response().compose(response -> {
                    status.append(response.statusCode());
                    return response.body();
                });
                return sent.send().compose(_ -> answered);
            }));
            expect(status.toString().equals("200") && body.toString().contains(word), status + " " + body);
            return true;
        }

        @Override
        public void close() {
            connection.close().toCompletionStage().toCompletableFuture().join();
        }

        private static <T> T get(Future<T> future) throws Exception {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /// Bytes.
    record Tcp(RawClient client) implements LoadConnection {
        @Override
        public boolean ask(String word) throws IOException {
            var sent = ":" + word + "\n";
            client.send(sent);
            var answer = new String(client.in().readNBytes(sent.length()), StandardCharsets.ISO_8859_1);
            expect(answer.equals(sent), answer.isEmpty() ? "connection ended" : answer);
            return true;
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
