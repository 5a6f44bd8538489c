package io.countersign.identity;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.X509Authority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;

/// An SVID as files, named as Istio's: `cert-chain.pem`, `key.pem` (readable by the owner only), `root-cert.pem`.
/// Each file is replaced as a whole; whoever reads chain and key must read again when they do not match.
///
/// @param directory made where it is missing; holds these three files only
public record SvidFiles(Path directory) {
    public static final String CHAIN = "cert-chain.pem";
    public static final String KEY = "key.pem";
    public static final String ROOTS = "root-cert.pem";

    private static final Set<OpenOption> NEW_FILE = Set.of(CREATE_NEW, WRITE);

    /// Writes all three; [UncheckedIOException] where the disk does not take them, the files are then those of before
    /// or a part of them.
    public void write(IssuedSvid issued) {
        try {
            Files.createDirectories(directory);
            var key = stage(KEY, Pem.encode(issued.svid().privateKey()), "rw-------");
            var chain = stage(CHAIN, Pem.encode(issued.svid().chain()), "rw-r--r--");
            var roots = stage(ROOTS, Pem.encode(issued.bundle().trustedCertificates()), "rw-r--r--");
            // Roots first: a reader with the new chain and the old roots could refuse what is right.
            Files.move(roots, directory.resolve(ROOTS), ATOMIC_MOVE, REPLACE_EXISTING);
            Files.move(key, directory.resolve(KEY), ATOMIC_MOVE, REPLACE_EXISTING);
            Files.move(chain, directory.resolve(CHAIN), ATOMIC_MOVE, REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("svid files in " + directory + ": not written", e);
        }
    }

    /// Replaces the roots alone, when the bundle changed between two renewals.
    public void writeRoots(TrustBundle bundle) {
        try {
            var roots = stage(ROOTS, Pem.encode(bundle.trustedCertificates()), "rw-r--r--");
            Files.move(roots, directory.resolve(ROOTS), ATOMIC_MOVE, REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("svid files in " + directory + ": roots not written", e);
        }
    }

    /// What an earlier run left; empty where there is nothing whole. The bundle has sequence 0, so that any real one
    /// replaces it.
    public Optional<IssuedSvid> read() {
        return read(CHAIN).or(this::finished);
    }

    /// Who was killed between the two renames has left the new key and the old chain. The second one is made up for at
    /// once: the next write begins with staging another chain, and may be killed as well.
    private Optional<IssuedSvid> finished() {
        var whole = read(staged(CHAIN));
        if (whole.isPresent()) {
            try {
                Files.move(directory.resolve(staged(CHAIN)), directory.resolve(CHAIN), ATOMIC_MOVE, REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException("svid files in " + directory + ": chain not renamed", e);
            }
        }
        return whole;
    }

    private Optional<IssuedSvid> read(String chain) {
        try {
            var key = SvidKeys.read(Pem.decode(Pem.PRIVATE_KEY, text(KEY)).getFirst());
            var svid = X509Svid.of(Pem.certificates(text(chain)), key);
            var authorities = new ArrayList<X509Authority>();
            Pem.certificates(text(ROOTS))
                    .forEach(root -> authorities.add(
                            new X509Authority(root.getSerialNumber().toString(16), AuthorityState.ACTIVE, root)));
            return Optional.of(
                    new IssuedSvid(svid, new TrustBundle(svid.spiffeId().trustDomain(), 0, authorities)));
        } catch (NoSuchFileException | InvalidInput e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("svid files in " + directory + ": not readable", e);
        }
    }

    private static String staged(String name) {
        return "." + name + ".new";
    }

    private String text(String name) throws IOException {
        return Files.readString(directory.resolve(name), StandardCharsets.US_ASCII);
    }

    /// A hidden file beside its target: a rename is atomic on one file system only.
    private Path stage(String name, String content, String mode) throws IOException {
        var staged = directory.resolve(staged(name));
        Files.deleteIfExists(staged);
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
        try (var channel = FileChannel.open(staged, NEW_FILE, permissions)) {
            var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return staged;
    }
}
