package io.countersign.dataplane.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.view.FirstBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirstBytesClassifierTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "M-SEARCH * HTTP/1.1\r\n",
                "PRI / HTTP/1.1\r\n",
                "get / http/1.1\n",
                "\r\n\r\nGET / HTTP/1.1\r\n",
                " GET / HTTP/1.1\r\n",
                "GET\t/\tHTTP/1.1\r\n",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\n",
                "GET /\u00e9 HTTP/1.1\r\n",
                "GET /a\r\n",
                "get /a\n",
                "0 /a\r\n",
                "GET a\r\n",
                "GET /a /b\r\n",
                "OPTIONS *\r\n",
                "POST http://a/\r\n",
                "\r\nGET\u000b/a\r\n",
                "GET /a\0b HTTP/1.1\r\n",
                "GET /\u007f",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
                "PROXY UNKNOWN\r\n",
                "\r\n\r\n\0\r\nQUIT\n"
            })
    void takesForHttpWhatAnyServerMightTakeForIt(String text) {
        assertThat(classify(text)).contains(FirstBytes.HTTP1);
    }

    @Test
    void takesForHttpALineWithoutEnd() {
        assertThat(classify("GET /" + "a".repeat(16 * 1024))).contains(FirstBytes.HTTP1);
    }

    @Test
    void knowsHttp2ByItsPreface() {
        assertThat(classify("PRI * HTTP/2.0\r\n")).contains(FirstBytes.HTTP2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0",
                "SSH-2.0-OpenSSH\r\n",
                "*1\r\n$4\r\nPING\r\n",
                "SET key value\r\n",
                "get key\r\n",
                "set key 0 0 3\r\n",
                "stats\r\n",
                "ruok\n",
                "0\f\u0002\u0001\u0001`\u0007",
                "0032git-upload-pack /r.git\0host=h:9418\0\0version=2\0",
                "AMQP\0\0\u0009\u0001",
                "\r\n\r\n\0\r\nQUIT ",
                "\u0080 / HTTP/1.1\r\n",
                "{\"jsonrpc\"",
                "8=FIX.4.2"
            })
    void takesNothingElseForHttp(String text) {
        assertThat(classify(text)).contains(FirstBytes.OTHER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "\r\n\r\n\0\r\n", "PROXY", "G", "GET", "GET / HTTP/1.1", "PRI * HTTP/2.0"})
    void waitsWhileItIsOpen(String text) {
        assertThat(classify(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /a", "get /a HTT", "GET a", "PROXY T", "\r\n\r\n\0\r\n", "\u0016\u0003\u0001"})
    void passesNothingOnThatHasBegunARequestOrAHandshakeWhenTimeIsUp(String text) {
        assertThat(whenTimeIsUp(text)).isEqualTo(FirstBytes.SILENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ruok", "GET", "GET ", "00280800822000000000000004000000", "get key", "\r\n"})
    void takesWhatIsStillOpenForBytesWhenTimeIsUp(String text) {
        assertThat(whenTimeIsUp(text)).isEqualTo(FirstBytes.OTHER);
    }

    @ParameterizedTest
    @CsvSource({
        "istio, MESH_TLS",
        "istio-peer-exchange, MESH_TLS",
        "istio-http/1.1, MESH_TLS",
        "istio-h2, MESH_TLS",
        "h2, OTHER_TLS",
        "http/1.1, OTHER_TLS"
    })
    void knowsMeshTlsByItsApplicationProtocol(String protocol, FirstBytes expected) throws SSLException {
        assertThat(FirstBytesClassifier.classify(clientHello(protocol)).map(Sniffed::first))
                .contains(expected);
    }

    @Test
    void readsTheNameAndTheProtocolsThatATlsClientAsksFor() throws SSLException {
        assertThat(FirstBytesClassifier.classify(clientHello("h2", "http/1.1")))
                .contains(new Sniffed(FirstBytes.OTHER_TLS, "my-nginx.example", Set.of("h2", "http/1.1")));
    }

    @Test
    void decidesOnAClientHelloOnlyWhenAllOfItIsThere() throws SSLException {
        // Given
        var hello = clientHello("h2", "istio");

        // When
        var decisions = new ArrayList<Optional<FirstBytes>>();
        for (var length = 0; length <= hello.readableBytes(); length++) {
            decisions.add(FirstBytesClassifier.classify(hello.slice(0, length)).map(Sniffed::first));
        }

        // Then
        assertThat(decisions.subList(0, decisions.size() - 1)).containsOnly(Optional.empty());
        assertThat(decisions.getLast()).contains(FirstBytes.MESH_TLS);
    }

    @ParameterizedTest
    @CsvSource({"16, MESH_TLS", "17, OTHER"})
    void readsAClientHelloThatIsCutIntoSoManyRecordsAndNoMore(int records, FirstBytes expected) throws SSLException {
        // Given
        var hello = clientHello("istio");
        var message = hello.slice(5, hello.readableBytes() - 5);

        // When
        var cut = Unpooled.buffer();
        for (var record = 1; record <= records; record++) {
            var length = record == records ? message.readableBytes() : 7;
            cut.writeByte(22).writeShort(0x0301).writeShort(length).writeBytes(message, length);
        }

        // Then
        assertThat(FirstBytesClassifier.classify(cut).map(Sniffed::first)).contains(expected);
    }

    @Test
    void survivesWhateverAClientHelloIsSpoiledTo() throws SSLException {
        // Given
        var hello = clientHello("istio");
        var random = new Random(1);

        // When
        var decisions = new ArrayList<Optional<FirstBytes>>();
        for (var round = 0; round < 5_000; round++) {
            var spoiled = hello.copy();
            for (var i = 0; i <= random.nextInt(4); i++) {
                spoiled.setByte(random.nextInt(spoiled.readableBytes()), random.nextInt(256));
            }
            decisions.add(FirstBytesClassifier.classify(spoiled).map(Sniffed::first));
        }

        // Then
        assertThat(decisions).hasSize(5_000);
    }

    @Test
    void takesAHugeClientHelloForNone() {
        // Given
        var hello = Unpooled.buffer().writeByte(22).writeShort(0x0301).writeShort(512);

        // When
        hello.writeByte(1).writeMedium(1 << 20).writeZero(508);

        // Then
        assertThat(FirstBytesClassifier.classify(hello).map(Sniffed::first)).contains(FirstBytes.OTHER);
    }

    private static FirstBytes whenTimeIsUp(String text) {
        return FirstBytesClassifier.whenTimeIsUp(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1))
                .first();
    }

    private static Optional<FirstBytes> classify(String text) {
        return FirstBytesClassifier.classify(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1))
                .map(Sniffed::first);
    }

    private static ByteBuf clientHello(String... protocols) throws SSLException {
        var context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        List.of(protocols)))
                .build();
        var channel = new EmbeddedChannel(context.newHandler(Unpooled.EMPTY_BUFFER.alloc(), "my-nginx.example", 443));
        ByteBuf hello = channel.readOutbound();
        channel.finishAndReleaseAll();
        return hello;
    }
}
