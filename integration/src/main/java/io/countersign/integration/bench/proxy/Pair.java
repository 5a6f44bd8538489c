package io.countersign.integration.bench.proxy;

import io.countersign.identity.IssuedSvid;
import io.countersign.integration.bench.MeasuredProcess;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Two proxies in a row before the backend: plaintext into the client's, mutual TLS between them.
///
/// @param entry where the client's proxy takes requests, `host:port`
/// @param host the Host field that finds the service
/// @param tls where the server's proxy takes mutual TLS
/// @param svid with what to speak to it
record Pair(
        String name,
        MeasuredProcess client,
        MeasuredProcess server,
        String entry,
        String host,
        InetSocketAddress tls,
        IssuedSvid svid)
        implements AutoCloseable {

    Duration cpu() {
        return client.cpu().plus(server.cpu());
    }

    /// The same proxies by another way in.
    Pair at(String otherEntry) {
        return new Pair(name, client, server, otherEntry, host, tls, svid);
    }

    /// Both by name.
    Map<String, MeasuredProcess> proxies() {
        return Map.of("client", client, "server", server);
    }

    int entryPort() {
        return URI.create(url("")).getPort();
    }

    String url(String path) {
        return "http://" + entry + path;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
