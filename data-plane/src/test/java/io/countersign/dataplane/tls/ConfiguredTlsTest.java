package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.identity.Pem;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import io.countersign.mesh.view.UpstreamTls.Configured;
import io.countersign.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredTlsTest {
    private final TestAuthority authority = TestAuthority.seeded(1);
    private final ConfiguredTls tls = new ConfiguredTls(Duration.ZERO);
    private Configured rule;

    @TempDir
    private Path files;

    @BeforeEach
    void writeFiles() throws IOException {
        var client = authority.issue(SpiffeId.parse("spiffe://cluster.local/ns/full/sa/sleep"));
        Files.writeString(files.resolve("ca.pem"), Pem.encode(List.of(authority.certificate())));
        Files.writeString(files.resolve("chain.pem"), Pem.encode(client.chain()));
        Files.writeString(files.resolve("key.pem"), Pem.encode(client.key()));
        var settings = new ClientTls(
                TlsMode.MUTUAL, file("chain.pem"), file("key.pem"), file("ca.pem"), List.of(), Optional.empty(), false);
        rule = new Configured(settings, "httpbin.example.com");
    }

    @Test
    void oneContextServesWhileTheFilesStayAsTheyAre() {
        assertThat(tls.generation(rule)).isZero();
        var first = tls.context(rule).join();
        for (var i = 0; i < 100; i++) {
            assertThat(tls.context(rule).join()).isSameAs(first);
        }
        assertThat(tls.generation(rule)).isEqualTo(1);
    }

    @Test
    void changedFilesMakeAnotherContext() throws IOException {
        // Given
        tls.context(rule).join();

        // When
        Files.writeString(
                files.resolve("ca.pem"),
                Pem.encode(List.of(TestAuthority.seeded(2).certificate())));

        // Then
        Awaitility.await().until(() -> tls.context(rule).join().generation() == 2);
    }

    @Test
    void badFilesAreRefusedWithTheirNamesUntilTheyAreGood() throws IOException {
        // Given
        var good = Files.readString(files.resolve("key.pem"));
        // No key: the word "secret" where one should be, which must not come back in the message.
        Files.writeString(
                files.resolve("key.pem"), good.replaceFirst("(?s)-----\n.*\n-----", "-----\nc2VjcmV0\n-----"));
        Awaitility.await().until(() -> tls.context(rule).isCompletedExceptionally());
        var refused = tls.context(rule).exceptionNow();

        // When
        Files.writeString(files.resolve("key.pem"), good);

        // Then
        assertThat(refused).hasMessageContaining("key.pem").hasMessageContaining("private key");
        assertThat(refused.getMessage()).doesNotContain("c2VjcmV0");
        Awaitility.await().until(() -> !tls.context(rule).isCompletedExceptionally());
    }

    @Test
    void forgetsTheOldestOfTooManyAndNoOther() {
        // When
        for (var host = 0; host <= 256; host++) {
            tls.context(new Configured(rule.settings(), "host-" + host)).join();
        }

        // Then
        assertThat(tls.generation(new Configured(rule.settings(), "host-0"))).isZero();
        assertThat(tls.generation(new Configured(rule.settings(), "host-1"))).isPositive();
    }

    @Test
    void theLastGoodContextOutlivesItsFiles() throws IOException {
        // Given
        var good = tls.context(rule).join();

        // When
        Files.delete(files.resolve("ca.pem"));

        // Then
        Awaitility.await()
                .during(Duration.ofMillis(300))
                .until(() -> good.equals(tls.context(rule).join()));
    }

    private Optional<String> file(String name) {
        return Optional.of(files.resolve(name).toString());
    }
}
