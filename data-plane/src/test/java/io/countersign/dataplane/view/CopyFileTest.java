package io.countersign.dataplane.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.follower.FollowedRecord;
import io.countersign.follower.TopicPosition;
import io.countersign.mesh.identity.TrustDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyFileTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final byte[] VALUE = "välue".getBytes(StandardCharsets.UTF_8);
    private static final ConfigCopy COPY = new ConfigCopy(
            DOMAIN,
            Instant.ofEpochMilli(1_234),
            Map.of("topic", new TopicPosition("id", 7)),
            List.of(new FollowedRecord("topic", "käy", VALUE, 5)));

    @TempDir
    private Path folder;

    @Test
    void readsWhatItHasWritten() throws IOException {
        // When
        file().keep(COPY);
        var read = file().read().orElseThrow();

        // Then
        assertThat(read.savedAt()).isEqualTo(COPY.savedAt());
        assertThat(read.positions()).isEqualTo(COPY.positions());
        assertThat(read.records()).singleElement().satisfies(followed -> {
            assertThat(followed.key()).isEqualTo("käy");
            assertThat(followed.value()).isEqualTo(VALUE);
            assertThat(followed.offset()).isEqualTo(5);
        });
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void hasNothingWhereNothingWasWritten() {
        assertThat(file().read()).isEmpty();
    }

    @Test
    void refusesACopyInWhichOneBitIsWrong() throws IOException {
        // Given
        file().keep(COPY);
        var bytes = Files.readAllBytes(path());
        bytes[bytes.length - 1] ^= 1;

        // When
        Files.write(path(), bytes);

        // Then
        assertThat(file().read()).isEmpty();
    }

    @Test
    void refusesACopyThatIsCutShort() throws IOException {
        // Given
        file().keep(COPY);

        // When
        Files.write(path(), new byte[] {1, 2, 3});

        // Then
        assertThat(file().read()).isEmpty();
    }

    @Test
    void refusesTheCopyOfAnotherTrustDomain() {
        // When
        new CopyFile(folder, new TrustDomain("other.local"))
                .keep(new ConfigCopy(new TrustDomain("other.local"), COPY.savedAt(), COPY.positions(), List.of()));

        // Then
        assertThat(file().read()).isEmpty();
    }

    @Test
    void refusesACopyThatOthersCouldHaveRead() throws IOException {
        // Given
        file().keep(COPY);

        // When
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r--r--"));

        // Then
        assertThat(file().read()).isEmpty();
    }

    private CopyFile file() {
        return new CopyFile(folder, DOMAIN);
    }

    private Path path() {
        return folder.resolve("config.copy");
    }
}
