package io.countersign.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BookinfoTest {

    /// Port 1 of the loopback: nobody listens there.
    private static final String NOBODY = "127.0.0.1:1";

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<WebServer> running = new ArrayList<>();
    private final Map<String, String> authorities = new ConcurrentHashMap<>();
    private final Siblings siblings = new Siblings(Optional.empty(), name -> authorities.getOrDefault(name, NOBODY));

    @AfterEach
    void stop() {
        running.forEach(WebServer::close);
        client.close();
    }

    @Test
    void ratesABook() throws Exception {
        // Given
        start("ratings", "ratings");

        // When
        HttpResponse<String> response = get("ratings", "/ratings/7");

        // Then
        assertThat(response.body()).isEqualTo("{\"id\":7,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}");
    }

    @Test
    void describesABook() throws Exception {
        // Given
        start("details", "details");

        // When
        HttpResponse<String> response = get("details", "/details/3");

        // Then
        assertThat(response.body()).startsWith("{\"id\":3,\"author\":\"William Shakespeare\",\"year\":1595,");
    }

    @ParameterizedTest
    @CsvSource({
        "reviews, /health, 200",
        "reviews, /reviews/x, 400",
        "reviews, /ratings/1, 404",
        "productpage, /health, 200",
        "productpage, /api/v1/products/0/ratings, 200",
        "productpage, /api/v1/products/0/reviews, 200",
        "productpage, /api/v1/products/0, 500",
        "productpage, /api/v1/products/0/else, 404",
        "productpage, /login, 405",
        "productpage, /nothing, 404"
    })
    void answersWithTheCode(String name, String path, int code) throws Exception {
        // Given
        start("ratings", "ratings");
        start("reviews", "reviews-v1");
        start("productpage", "productpage");

        // When
        HttpResponse<String> response = get(name, path);

        // Then
        assertThat(response.statusCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"reviews-v2, black", "reviews-v3, red"})
    void showsStarsOfTheVersionsColor(String role, String color) throws Exception {
        // Given
        start("ratings", "ratings");
        start("details", "details");
        start("reviews", role);
        start("productpage", "productpage");

        // When
        HttpResponse<String> response = get("productpage", "/productpage");

        // Then
        assertThat(response.body())
                .contains(
                        "<title>Simple Bookstore App</title>",
                        "<p>author: William Shakespeare</p>",
                        "<p>year: 1595</p>")
                .contains("<span style=\"color: " + color + "\">★★★★☆</span>");
    }

    @Test
    void showsNoStarsOfTheFirstVersion() throws Exception {
        // Given
        start("ratings", "ratings");
        start("reviews", "reviews-v1");
        start("productpage", "productpage");

        // When
        HttpResponse<String> response = get("productpage", "/productpage");

        // Then
        assertThat(response.body()).contains("<small>Reviewer2</small>").doesNotContain("★", "color");
    }

    @Test
    void showsReviewsWhileRatingsAreAway() throws Exception {
        // Given
        start("reviews", "reviews-v3");
        start("productpage", "productpage");

        // When
        HttpResponse<String> response = get("productpage", "/productpage");

        // Then
        assertThat(response.body()).contains("Reviewer1", "Ratings service is currently unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"details", "reviews"})
    void showsThePageWithoutAPartThatIsAway(String part) throws Exception {
        // Given
        start("productpage", "productpage");

        // When
        HttpResponse<String> response = get("productpage", "/productpage");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("Error fetching product " + part + "!");
    }

    @Test
    void greetsAUserWhoSignedIn() throws Exception {
        // Given
        start("productpage", "productpage");
        var signIn = to("productpage", "/login")
                .POST(BodyPublishers.ofString("username=jason&passwd="))
                .build();
        var cookie = client.send(signIn, BodyHandlers.discarding()).headers().firstValue("Set-Cookie");

        // When
        var request = to("productpage", "/productpage").header("Cookie", cookie.orElseThrow());
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());

        // Then
        assertThat(response.body()).contains("jason <a href=\"logout\">Sign out</a>");
    }

    @Test
    void refusesANameThatWouldHaveToBeQuoted() throws Exception {
        // Given
        start("productpage", "productpage");
        var request = to("productpage", "/login").POST(BodyPublishers.ofString("username=<b>"));

        // When
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());

        // Then
        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void asksThroughTheSidecarAndPassesTheTraceOn() throws Exception {
        // Given
        var seen = new CopyOnWriteArrayList<String>();
        var sidecar = serve("sidecar", (exchange, _) -> {
            var headers = exchange.getRequestHeaders();
            seen.addAll(List.of(
                    exchange.getRequestURI().toString(),
                    headers.getFirst("x-request-id"),
                    headers.getFirst("traceparent")));
            return Answer.json("{}");
        });
        var proxy = URI.create("http://127.0.0.1:" + sidecar.port());
        var inMesh = new Siblings(Optional.of(proxy), name -> name + ":9080");
        serve("reviews", Bookinfo.program("reviews-v2", inMesh));
        var request = to("reviews", "/reviews/0").header("x-request-id", "r1").header("traceparent", "00-1-2-01");

        // When
        client.send(request.build(), BodyHandlers.discarding());

        // Then
        assertThat(seen).containsExactly("http://ratings:9080/ratings/0", "r1", "00-1-2-01");
    }

    private void start(String name, String role) throws IOException {
        serve(name, Bookinfo.program(role, siblings));
    }

    private WebServer serve(String name, WebServer.Program program) throws IOException {
        var server = WebServer.start("127.0.0.1", 0, program);
        running.add(server);
        authorities.put(name, "127.0.0.1:" + server.port());
        return server;
    }

    private HttpResponse<String> get(String name, String path) throws Exception {
        return client.send(to(name, path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String name, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + authorities.get(name) + path));
    }
}
