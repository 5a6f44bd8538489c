package io.countersign.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpbinTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private WebServer httpbin;

    @BeforeEach
    void start() throws IOException {
        httpbin = WebServer.start("127.0.0.1", 0, Answers::answer);
    }

    @AfterEach
    void stop() {
        httpbin.close();
        client.close();
    }

    @Test
    void printsTheHeadersItReceivedWithTitleCasedNames() throws Exception {
        // Given
        var request = to("/headers")
                .header("x-forwarded-client-cert", "By=a;URI=\"b\"")
                .build();

        // When
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

        // Then
        assertThat(response.body())
                .startsWith("{\n  \"headers\": {\n")
                .contains("    \"X-Forwarded-Client-Cert\": \"By=a;URI=\\\"b\\\"\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/status/204, 204",
        "/status/418, 418",
        "/status/503, 503",
        "/status/100, 400",
        "/status/abc, 400",
        "/delay/-1, 400",
        "/bytes/x, 400",
        "/post, 405",
        "/nothing, 404"
    })
    void answersWithTheCode(String path, int code) throws Exception {
        // When
        HttpResponse<String> response = client.send(to(path).build(), BodyHandlers.ofString());

        // Then
        assertThat(response.statusCode()).isEqualTo(code);
    }

    @Test
    void drawsATeapot() throws Exception {
        // When
        HttpResponse<String> response = client.send(to("/status/418").build(), BodyHandlers.ofString());

        // Then
        assertThat(response.body()).contains("-=[ teapot ]=-");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "17, 17", "999999999, 102400"})
    void sendsNoMoreBytesThanItsBound(int asked, int sent) throws Exception {
        // When
        HttpResponse<byte[]> response = client.send(to("/bytes/" + asked).build(), BodyHandlers.ofByteArray());

        // Then
        assertThat(response.body()).hasSize(sent);
    }

    @Test
    void givesAPostedBodyBack() throws Exception {
        // Given
        var request = to("/post").POST(BodyPublishers.ofString("one\ntwo")).build();

        // When
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

        // Then
        assertThat(response.body()).contains("\"data\": \"one\\ntwo\"").contains("\"url\": \"http://127.0.0.1:");
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpbin.port() + path));
    }
}
