package io.countersign.samples;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The page of the one book that there is, and an API to what it is made of.
record ProductPage(Siblings siblings) implements WebServer.Program {

    private static final int BOOK = 0;
    private static final String TITLE = "The Comedy of Errors";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String LOGIN = "<input name=\"username\"> <button>Sign in</button>";

    private static final Pattern PRODUCT =
            Pattern.compile("/api/v1/products/(?<id>[0-9]{1,9})(?<part>|/reviews|/ratings)");

    /// Names of letters that need no quoting anywhere.
    private static final Pattern USERNAME = Pattern.compile("(?:^|[;&] ?)(?:user|username)=([A-Za-z0-9._@-]{1,64})");

    // The siblings write their JSON without blanks.
    private static final Pattern DETAIL = Pattern.compile("\"([^\"]+)\":\"?([^\",}]*)");
    private static final Pattern REVIEW = Pattern.compile(
            "\"reviewer\":\"(?<reviewer>[^\"]*)\",\"text\":\"(?<text>[^\"]*)\""
                    + "(?:,\"rating\":\\{(?:\"stars\":(?<stars>[0-5]),\"color\":\"(?<color>[a-z]+)\"|\"error\":\"(?<error>[^\"]*)\")})?");

    @Override
    public Answer answer(HttpExchange exchange, byte[] body) {
        Headers request = exchange.getRequestHeaders();
        String path = exchange.getRequestURI().getPath();
        return switch (path) {
            case "/productpage" -> Answer.text(200, HTML, page(request));
            case "/health" -> Answer.text(200, "text/plain", "Product page is healthy");
            case "/login" -> login(exchange, new String(body, StandardCharsets.UTF_8));
            case "/logout" -> toPage(exchange, "user=; Path=/; Max-Age=0");
            case "/api/v1/products" -> Answer.json("[{\"id\":" + BOOK + ",\"title\":\"" + TITLE + "\"}]");
            default -> product(PRODUCT.matcher(path), request);
        };
    }

    private Answer product(Matcher path, Headers request) {
        if (!path.matches()) {
            return Answer.empty(404);
        }
        String name =
                path.group("part").isEmpty() ? "details" : path.group("part").substring(1);
        Answer answer = siblings.ask(name, Integer.parseInt(path.group("id")), request);
        return answer.code() == 200 ? answer : Answer.json(answer.code(), "{\"error\":\"" + unavailable(name) + "\"}");
    }

    private static Answer login(HttpExchange exchange, String form) {
        Matcher user = USERNAME.matcher(form);
        if (!exchange.getRequestMethod().equals("POST")) {
            return Answer.empty(405);
        }
        return user.find() ? toPage(exchange, "user=" + user.group(1) + "; Path=/; HttpOnly") : Answer.empty(400);
    }

    private static Answer toPage(HttpExchange exchange, String cookie) {
        exchange.getResponseHeaders().set("Set-Cookie", cookie);
        exchange.getResponseHeaders().set("Location", "/productpage");
        return Answer.empty(302);
    }

    private String page(Headers request) {
        Matcher user = USERNAME.matcher(String.join("; ", request.getOrDefault("Cookie", List.of())));
        return """
                <!DOCTYPE html>
                <html>
                <head><title>Simple Bookstore App</title></head>
                <body>
                <form action="login" method="post">%s</form>
                <h1>%s</h1>
                %s
                %s
                </body>
                </html>
                """.formatted(
                        user.find() ? user.group(1) + " <a href=\"logout\">Sign out</a>" : LOGIN,
                        TITLE,
                        part("details", DETAIL, ProductPage::detail, request),
                        part("reviews", REVIEW, ProductPage::review, request));
    }

    private String part(String name, Pattern pattern, Function<MatchResult, String> html, Headers request) {
        Answer answer = siblings.ask(name, BOOK, request);
        if (answer.code() != 200) {
            return "<h4>Error fetching product " + name + "!</h4>\n<p>" + unavailable(name) + "</p>";
        }
        return pattern.matcher(answer.text())
                .results()
                .map(html)
                .collect(Collectors.joining("\n", "<h4>Book " + name + "</h4>\n", ""));
    }

    private static String detail(MatchResult field) {
        return "<p>" + escaped(field.group(1)) + ": " + escaped(field.group(2)) + "</p>";
    }

    private static String review(MatchResult review) {
        String rating = "";
        if (review.group("stars") != null) {
            int stars = Integer.parseInt(review.group("stars"));
            rating = "<span style=\"color: " + review.group("color") + "\">" + "★".repeat(stars) + "☆".repeat(5 - stars)
                    + "</span>";
        } else if (review.group("error") != null) {
            rating = "<i>" + escaped(review.group("error")) + "</i>";
        }
        return "<blockquote>" + escaped(review.group("text")) + " <small>" + escaped(review.group("reviewer"))
                + "</small> " + rating + "</blockquote>";
    }

    private static String unavailable(String name) {
        return "Sorry, product " + name + " are currently unavailable for this book.";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
