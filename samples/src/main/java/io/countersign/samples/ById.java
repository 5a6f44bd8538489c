package io.countersign.samples;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.Locale;

/// A program that knows something of each book: `/NAME/{id}`, and `/health`.
record ById(String name, Lookup lookup) implements WebServer.Program {

    /// What is known of a book, as JSON.
    interface Lookup {
        String json(int id, Headers request);
    }

    @Override
    public Answer answer(HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/health")) {
            String title = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
            return Answer.json("{\"status\":\"" + title + " is healthy\"}");
        }
        String prefix = "/" + name + "/";
        if (!path.startsWith(prefix)) {
            return Answer.empty(404);
        }
        int id = Answers.number(path.substring(prefix.length()));
        return id < 0
                ? Answer.json(400, "{\"error\":\"please provide numeric product ID\"}")
                : Answer.json(lookup.json(id, exchange.getRequestHeaders()));
    }
}
