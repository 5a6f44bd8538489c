package io.countersign.dataplane.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One request for a page.
///
/// @param host what the client calls us; empty where HTTP/1.0 left it out
/// @param fromPage whether a browser asks for a page that it shows
/// @param client where the connection comes from
/// @param server where it came to
record Asked(
        HttpMethod method,
        String path,
        Map<String, List<String>> query,
        Optional<String> host,
        boolean fromPage,
        InetSocketAddress client,
        InetSocketAddress server) {
    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }
}
