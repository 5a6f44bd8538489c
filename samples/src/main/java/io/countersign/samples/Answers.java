package io.countersign.samples;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/// What httpbin answers. Every body that it makes is bounded.
final class Answers {

    private static final int MAX_RANDOM_BYTES = 100 * 1024;
    private static final Duration MAX_DELAY = Duration.ofSeconds(10);

    private static final String TEAPOT = """

                -=[ teapot ]=-

                   _...._
                 .'  _ _ `.
                | ."` ^ `". _,
                \\_;`"---"`|//
                  |       ;/
                  \\_     _/
                    `\"""`
            """;

    private Answers() {}

    static Answer answer(HttpExchange exchange, byte[] body) {
        exchange.getResponseHeaders().set("Server", "httpbin");
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String argument = path.length == 3 ? path[2] : "";
        return switch (path[1]) {
            case "headers" -> Answer.json(Json.object(Json.field("headers", headers(exchange))));
            case "get" -> onlyFor("GET", exchange, Answer.json(described(exchange)));
            case "post" -> onlyFor("POST", exchange, Answer.json(describedWithBody(exchange, body)));
            case "status" -> status(number(argument));
            case "delay" -> delay(exchange, number(argument));
            case "bytes" -> bytes(number(argument));
            default -> Answer.empty(404);
        };
    }

    private static Answer onlyFor(String method, HttpExchange exchange, Answer answer) {
        return exchange.getRequestMethod().equals(method) ? answer : Answer.empty(405);
    }

    private static Answer status(int code) {
        if (code == 418) {
            return Answer.text(418, "text/plain; charset=utf-8", TEAPOT);
        }
        // A 1xx answer would leave the client waiting for a final one.
        return Answer.empty(code < 200 || code > 599 ? 400 : code);
    }

    private static Answer delay(HttpExchange exchange, int seconds) {
        if (seconds < 0) {
            return Answer.empty(400);
        }
        Duration asked = Duration.ofSeconds(seconds);
        try {
            Thread.sleep(asked.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.empty(503);
        }
        return Answer.json(described(exchange));
    }

    private static Answer bytes(int count) {
        if (count < 0) {
            return Answer.empty(400);
        }
        byte[] body = new byte[Math.min(count, MAX_RANDOM_BYTES)];
        new Random().nextBytes(body);
        return new Answer(200, "application/octet-stream", ByteBuffer.wrap(body));
    }

    /// The number, or -1 where the text is none.
    static int number(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }

    private static String headers(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        return Json.object(headers.entrySet().stream()
                .map(header -> Json.field(titleCased(header.getKey()), Json.text(String.join(",", header.getValue()))))
                .sorted()
                .toArray(String[]::new));
    }

    private static String described(HttpExchange exchange) {
        return Json.object(fields(exchange));
    }

    private static String describedWithBody(HttpExchange exchange, byte[] body) {
        String data = new String(body, StandardCharsets.UTF_8);
        return Json.object(Json.field("data", Json.text(data)), String.join(",", fields(exchange)));
    }

    private static String[] fields(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        String origin = exchange.getRemoteAddress().getAddress().getHostAddress();
        String url = "http://" + (host == null ? "" : host) + exchange.getRequestURI();
        return new String[] {
            Json.field("headers", headers(exchange)),
            Json.field("origin", Json.text(origin)),
            Json.field("url", Json.text(url))
        };
    }

    /// `x-forwarded-client-cert` → `X-Forwarded-Client-Cert`, as httpbin prints names.
    private static String titleCased(String name) {
        var out = new StringBuilder(name.length());
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
            first = c == '-';
        }
        return out.toString();
    }
}
