package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardedClientCertTest {
    private static final String NAME = "x-forwarded-client-cert";

    @Test
    void namesTheClientAsEnvoyDoes() {
        // Given
        var headers = sent();

        // When
        ForwardedClientCert.of(TestSidecars.HTTPBIN, client("O=\\\"Fish\\\" & Co", List.of("a.example", "b.example")))
                .writeTo(headers);

        // Then
        assertThat(headers.getAll(NAME))
                .containsExactly("By=" + TestSidecars.HTTPBIN + ";Hash=ab12;Subject=\"O=\\\"Fish\\\" & Co\";URI="
                        + TestSidecars.SLEEP + ";DNS=a.example;DNS=b.example");
        assertThat(headers.names()).containsExactly(NAME);
    }

    @Test
    void letsNoNameAddAnEntryOrALine() {
        // Given
        var headers = sent();

        // When
        ForwardedClientCert.of(TestSidecars.HTTPBIN, client("CN=a\r\nx: y", List.of("a;URI=\"admin,")))
                .writeTo(headers);

        // Then
        assertThat(headers.get(NAME)).contains("Subject=\"CN=a??x: y\"").endsWith(";DNS=\"a;URI=\\\"admin,\"");
    }

    @Test
    void saysNothingOfAClientThatIsNotProved() {
        // Given
        var headers = sent();

        // When
        ForwardedClientCert.NONE.writeTo(headers);

        // Then
        assertThat(headers.isEmpty()).isTrue();
    }

    private static HttpHeaders sent() {
        return new DefaultHttpHeaders()
                .add("X-Forwarded-Client-Cert", "URI=admin")
                .add("x_forwarded-client_cert", "b");
    }

    private static PeerIdentity client(String subject, List<String> dnsNames) {
        return new PeerIdentity(
                TestSidecars.SLEEP, "1", "authority", Instant.EPOCH, Instant.MAX, "ab12", subject, dnsNames);
    }
}
