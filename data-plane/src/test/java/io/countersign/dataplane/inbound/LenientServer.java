package io.countersign.dataplane.inbound;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server of HTTP as it comes with a platform. Whatever it is asked for, it answers with the proof of the caller that
/// it was shown.
final class LenientServer implements AutoCloseable {
    enum Kind {
        JDK,
        PYTHON,
        NODE
    }

    private static final String SEEN = "proof: ";

    private static final String PYTHON = """
            import http.server
            class Handler(http.server.BaseHTTPRequestHandler):
                def answer(self):
                    proof = ('proof: %s' % self.headers.get('X-Forwarded-Client-Cert')).encode('latin-1')
                    print(proof.decode(), flush=True)
                    self.send_response(200)
                    self.send_header('Content-Length', str(len(proof)))
                    self.end_headers()
                    self.wfile.write(proof)
                def __getattr__(self, name):
                    if name.startswith('do_'):
                        return self.answer
                    raise AttributeError(name)
                def log_message(self, *arguments):
                    pass
            server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
            print(server.server_address[1], flush=True)
            server.serve_forever()
            """;

    private static final String NODE = """
            const server = require('http').createServer((request, response) => {
              const proof = 'proof: ' + request.headers['x-forwarded-client-cert'];
              console.log(proof);
              response.end(proof);
            });
            server.listen(0, '127.0.0.1', () => console.log(server.address().port));
            """;

    private final int port;
    private final List<String> seen;
    private final AutoCloseable server;

    private LenientServer(int port, List<String> seen, AutoCloseable server) {
        this.port = port;
        this.seen = seen;
        this.server = server;
    }

    static LenientServer start(Kind kind) throws IOException {
        return switch (kind) {
            case JDK -> jdk();
            case PYTHON -> process("python3", "-c", PYTHON);
            case NODE -> process("node", "-e", NODE);
        };
    }

    int port() {
        return port;
    }

    /// The proofs that it was shown, of whomever.
    List<String> seen() {
        return seen.stream()
                .filter(line -> !line.matches(SEEN + "(None|null|undefined)"))
                .toList();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static LenientServer jdk() throws IOException {
        var seen = new CopyOnWriteArrayList<String>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var proof = SEEN + exchange.getRequestHeaders().getFirst("X-Forwarded-Client-Cert");
            seen.add(proof);
            var answer = proof.getBytes(StandardCharsets.ISO_8859_1);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return new LenientServer(server.getAddress().getPort(), seen, () -> server.stop(0));
    }

    /// One that prints its port, and then what it sees.
    private static LenientServer process(String... command) throws IOException {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1));
        var port = Integer.parseInt(output.readLine());
        var seen = new CopyOnWriteArrayList<String>();
        Thread.ofVirtual().start(() -> {
            try {
                for (var line = output.readLine(); line != null; line = output.readLine()) {
                    seen.add(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new LenientServer(port, seen, () -> process.destroyForcibly().waitFor());
    }
}
