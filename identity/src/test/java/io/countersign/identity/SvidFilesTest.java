package io.countersign.identity;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.identity.SpiffeId;
import io.countersign.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvidFilesTest {
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final TestAuthority AUTHORITY = TestAuthority.seeded(1);

    @TempDir
    private Path folder;

    @Test
    void writesExactlyThreeFilesAndShowsTheKeyToItsOwnerOnly() throws IOException {
        // Given
        var files = new SvidFiles(folder.resolve("certs"));
        files.write(issued());

        // When
        files.write(issued());

        // Then
        try (var names = Files.list(files.directory())) {
            assertThat(names.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("cert-chain.pem", "key.pem", "root-cert.pem");
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(files.directory().resolve("key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void readsBackWhatItWrote() {
        // Given
        var files = new SvidFiles(folder);
        var issued = issued();

        // When
        files.write(issued);

        // Then
        assertThat(files.read()).hasValueSatisfying(read -> {
            assertThat(read.svid()).isEqualTo(issued.svid());
            assertThat(read.bundle().trustedCertificates()).containsExactly(AUTHORITY.certificate());
            assertThat(read.bundle().sequence()).isZero();
        });
    }

    @Test
    void hasAWholeSvidAtWhateverMomentItsWriterWasKilled() throws IOException {
        // Given
        var files = new SvidFiles(folder.resolve("old"));
        var next = new SvidFiles(folder.resolve("new"));
        var old = issued();
        var renewed = issued();
        files.write(old);
        next.write(renewed);
        var chain = next.directory().resolve("cert-chain.pem");

        // When: everything is staged, then the key was renamed, then the chain
        Files.copy(chain, files.directory().resolve(".cert-chain.pem.new"));
        var staged = files.read();
        Files.move(next.directory().resolve("key.pem"), files.directory().resolve("key.pem"), REPLACE_EXISTING);
        var between = files.read();
        // Whoever comes next stages another chain, and is killed as well.
        Files.deleteIfExists(files.directory().resolve(".cert-chain.pem.new"));
        var after = files.read();

        // Then
        assertThat(staged.map(IssuedSvid::svid)).contains(old.svid());
        assertThat(between.map(IssuedSvid::svid)).contains(renewed.svid());
        assertThat(after.map(IssuedSvid::svid)).contains(renewed.svid());
    }

    @Test
    void takesAnOddFolderForAnEmptyOne() throws IOException {
        // Given
        var files = new SvidFiles(folder);
        files.write(issued());

        // When: the key of another run, and then none
        Files.writeString(
                folder.resolve("key.pem"), Pem.encode(SvidKeys.generate().getPrivate()));
        var foreignKey = files.read();
        Files.delete(folder.resolve("key.pem"));
        var noKey = files.read();

        // Then
        assertThat(foreignKey).isEmpty();
        assertThat(noKey).isEmpty();
    }

    private static IssuedSvid issued() {
        var made = AUTHORITY.issue(HTTPBIN);
        return new IssuedSvid(X509Svid.of(made.chain(), made.key()), AUTHORITY.bundle(HTTPBIN.trustDomain(), 3));
    }
}
