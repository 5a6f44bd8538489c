package io.countersign.dataplane.inbound;

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
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirstBytesClassifierTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n", "POST ", "M-SEARCH * HTTP/1.1", "PROPFIND /", "PUT /", "PRI / HTTP/1.1"})
    void knowsHttpByItsMethod(String text) {
        assertThat(classify(text)).contains(FirstBytes.HTTP1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get / HTTP/1.1",
                "\r\nGET /",
                " GET",
                "-A ",
                "\0",
                "SSH-2.0-OpenSSH",
                "PRI * HTTP/2.0\r\n",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ "
            })
    void takesNothingElseForHttp(String text) {
        assertThat(classify(text)).contains(FirstBytes.OTHER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET", "PRI", "PRI * HTTP/2"})
    void waitsWhileItIsOpen(String text) {
        assertThat(classify(text)).isEmpty();
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
        assertThat(FirstBytesClassifier.classify(clientHello(protocol))).contains(expected);
    }

    @Test
    void decidesOnAClientHelloOnlyWhenAllOfItIsThere() throws SSLException {
        // Given
        var hello = clientHello("h2", "istio");

        // When
        var decisions = new ArrayList<Optional<FirstBytes>>();
        for (var length = 0; length <= hello.readableBytes(); length++) {
            decisions.add(FirstBytesClassifier.classify(hello.slice(0, length)));
        }

        // Then
        assertThat(decisions.subList(0, decisions.size() - 1)).containsOnly(Optional.empty());
        assertThat(decisions.getLast()).contains(FirstBytes.MESH_TLS);
    }

    @Test
    void readsAClientHelloThatIsCutIntoManyRecords() throws SSLException {
        // Given
        var hello = clientHello("istio");
        var message = hello.slice(5, hello.readableBytes() - 5);

        // When
        var cut = Unpooled.buffer();
        while (message.isReadable()) {
            var length = Math.min(7, message.readableBytes());
            cut.writeByte(22).writeShort(0x0301).writeShort(length).writeBytes(message, length);
        }

        // Then
        assertThat(FirstBytesClassifier.classify(cut)).contains(FirstBytes.MESH_TLS);
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
            decisions.add(FirstBytesClassifier.classify(spoiled));
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
        assertThat(FirstBytesClassifier.classify(hello)).contains(FirstBytes.OTHER);
    }

    private static Optional<FirstBytes> classify(String text) {
        return FirstBytesClassifier.classify(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
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
        var channel = new EmbeddedChannel(context.newHandler(Unpooled.EMPTY_BUFFER.alloc()));
        ByteBuf hello = channel.readOutbound();
        channel.finishAndReleaseAll();
        return hello;
    }
}
