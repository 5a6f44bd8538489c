package io.countersign.samples;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// `bookinfo`: a page about a book, made by four programs that ask each other; one role a process.
public final class Bookinfo {

    private static final List<String> ROLES =
            List.of("productpage", "details", "reviews-v1", "reviews-v2", "reviews-v3", "ratings");

    private Bookinfo() {}

    /// Usage: `bookinfo ADDRESS PORT ROLE`. The others are asked through `http_proxy`, where that is set.
    public static void main(String[] args) throws IOException {
        if (args.length != 3 || !ROLES.contains(args[2])) {
            System.err.println("usage: bookinfo ADDRESS PORT " + String.join("|", ROLES));
            System.exit(2);
        }
        var proxy = Optional.ofNullable(System.getenv("http_proxy")).map(URI::create);
        var siblings = new Siblings(proxy, name -> name + ":9080");
        WebServer.run("bookinfo " + args[2], args[0], args[1], program(args[2], siblings));
    }

    static WebServer.Program program(String role, Siblings siblings) {
        return switch (role) {
            case "productpage" -> new ProductPage(siblings);
            case "details" -> new ById("details", (id, _) -> details(id));
            case "ratings" -> new ById("ratings", (id, _) -> ratings(id));
            case "reviews-v1" -> new ById("reviews", new Reviews(role, "", siblings));
            case "reviews-v2" -> new ById("reviews", new Reviews(role, "black", siblings));
            case "reviews-v3" -> new ById("reviews", new Reviews(role, "red", siblings));
            default -> throw new IllegalArgumentException("role: " + role + " (expected: one of " + ROLES + ")");
        };
    }

    private static String details(int id) {
        return """
                {"id":%d,"author":"William Shakespeare","year":1595,"type":"paperback","pages":200,\
                "publisher":"PublisherA","language":"English","ISBN-10":"1234567890","ISBN-13":"123-1234567890"}""".formatted(id);
    }

    private static String ratings(int id) {
        return """
                {"id":%d,"ratings":{"Reviewer1":5,"Reviewer2":4}}""".formatted(id);
    }
}
