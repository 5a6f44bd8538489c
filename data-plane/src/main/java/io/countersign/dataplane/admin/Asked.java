package io.countersign.dataplane.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One request for a page.
record Asked(HttpMethod method, String path, Map<String, List<String>> query) {
    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }
}
