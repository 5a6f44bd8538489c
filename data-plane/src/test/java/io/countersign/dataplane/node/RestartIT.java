package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.mesh.config.PortMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that is started again on what it left on its disk, with control plane and bus gone.
class RestartIT {
    private static final int RESET = 56;

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private TestNode node;

    @BeforeEach
    void leaveACopy() throws Exception {
        broker = EmbeddedBroker.start(BrokerSettings.open(folder.resolve("kafka")));
        node = new TestNode(folder);
        TestNode.publish(broker.administratorProperties(), PortMode.STRICT);
        node.start(broker.administratorProperties());
        node.node.get();
        Awaitility.await().until(() -> Files.exists(node.copy()));
        node.stop();
        broker.close();
    }

    @AfterEach
    void stop() throws Exception {
        node.end();
        broker.close();
    }

    @Test
    void servesMutualTlsFromItsDiskAndCatchesUpWhenTheBusIsBack() throws Exception {
        // When
        node.start(broker.administratorProperties());
        node.node.get();

        // Then
        assertThat(node.readiness()).isEqualTo("200");
        assertThat(node.plaintext().exit()).isEqualTo(RESET);
        assertThat(node.mutualTls().code()).isEqualTo("200");

        // When
        broker = EmbeddedBroker.start(broker.settings());
        TestNode.publish(broker.administratorProperties(), PortMode.PERMISSIVE);

        // Then
        Awaitility.await().until(() -> node.plaintext().code().equals("200"));
    }

    @Test
    void bindsNothingFromItsDiskOnceItHasSaidGoodbye() throws Exception {
        // Given
        node.leavesWhenStopped = true;
        broker = EmbeddedBroker.start(broker.settings());

        // When
        // It waits two seconds to be heard. Where that was too short, it serves again and says it the next time.
        Awaitility.await().until(() -> {
            node.start(broker.administratorProperties());
            node.node.get();
            node.stop();
            return Files.notExists(node.copy());
        });
        broker.close();
        node.start(broker.administratorProperties());
        Awaitility.await().until(() -> node.readiness().equals("503"));

        // Then
        assertThat(node.copy()).doesNotExist();
        assertThat(node.mutualTls().output()).contains("Failed to connect");
    }

    @Test
    void startsFromItsDiskAgainWhenNobodyHeardItsGoodbye() throws Exception {
        // Given
        node.leavesWhenStopped = true;
        node.start(broker.administratorProperties());
        node.node.get();

        // When
        node.stop();
        node.start(broker.administratorProperties());
        node.node.get();

        // Then
        assertThat(node.mutualTls().code()).isEqualTo("200");
    }

    @Test
    void bindsNothingWithACertificateThatHasEnded() throws Exception {
        // Given
        node.give(node.authority
                .leaf(TestNode.IDENTITY)
                .validFrom(Instant.now().minusSeconds(60))
                .validUntil(Instant.now().minusSeconds(1))
                .issue());

        // When
        node.start(broker.administratorProperties());
        Awaitility.await().until(() -> node.readiness().equals("503"));

        // Then
        assertThat(node.mutualTls().output()).contains("Failed to connect");
        assertThat(node.node).isNotDone();
    }

    @Test
    void startsAsANewNodeOnACopyThatOthersCouldHaveWritten() throws Exception {
        // Given
        Files.setPosixFilePermissions(node.copy(), PosixFilePermissions.fromString("rw-rw-r--"));

        // When
        node.start(broker.administratorProperties());
        Awaitility.await().until(() -> node.readiness().equals("503"));

        // Then
        assertThat(node.mutualTls().output()).contains("Failed to connect");
    }
}
