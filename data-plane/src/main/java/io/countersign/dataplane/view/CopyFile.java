package io.countersign.dataplane.view;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.countersign.follower.FollowedRecord;
import io.countersign.follower.TopicPosition;
import io.countersign.mesh.identity.TrustDomain;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The copy of a node's config on disk: one file, replaced as a whole, for its owner only. What it says is believed
/// after a restart, so anything doubtful about it makes the node start as a new one.
public final class CopyFile {
    private static final Logger LOG = LoggerFactory.getLogger(CopyFile.class);
    private static final String NAME = "config.copy";
    private static final String FORMAT = "countersign config copy 1";
    private static final int DIGEST_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path directory;
    private final TrustDomain trustDomain;
    /// Of the copy that was written last.
    private Map<String, TopicPosition> written = Map.of();
    private boolean failed;

    /// @param directory made where it is missing
    /// @param trustDomain of the node: another's copy is refused
    public CopyFile(Path directory, TrustDomain trustDomain) {
        this.directory = directory;
        this.trustDomain = trustDomain;
    }

    /// What an earlier run left; empty where there is nothing, or nothing to rely on, which is logged.
    public Optional<ConfigCopy> read() {
        var file = directory.resolve(NAME);
        try {
            var permissions = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(permissions)) {
                return refused(
                        file, "permissions: " + PosixFilePermissions.toString(permissions) + " (expected: rw-------)");
            }
            var copy = decode(Files.readAllBytes(file));
            return copy.trustDomain().equals(trustDomain)
                    ? Optional.of(copy)
                    : refused(file, "trust domain: " + copy.trustDomain() + " (expected: " + trustDomain + ")");
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return refused(file, String.valueOf(e.getMessage()));
        }
    }

    /// Writes a copy, if it is another than the one that was written last. A disk that does not take it is logged: in
    /// memory it is in force, only the next start would miss it.
    public synchronized void keep(ConfigCopy copy) {
        if (copy.positions().equals(written)) {
            return;
        }
        try {
            write(encode(copy));
            written = copy.positions();
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.atError().setCause(e).addKeyValue("path", directory).log("config copy not written");
            }
            failed = true;
        }
    }

    /// Removes the copy for good; whether there is none now.
    public synchronized boolean remove() {
        try {
            if (Files.deleteIfExists(directory.resolve(NAME))) {
                try (var folder = FileChannel.open(directory, READ)) {
                    folder.force(true);
                }
            }
            return true;
        } catch (IOException e) {
            LOG.atError().setCause(e).addKeyValue("path", directory).log("config copy not removed");
            return false;
        }
    }

    private static Optional<ConfigCopy> refused(Path file, String reason) {
        LOG.atError()
                .addKeyValue("path", file)
                .addKeyValue("reason", reason)
                .log("config copy cannot be used, the node starts as a new one");
        return Optional.empty();
    }

    private void write(byte[] content) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var staged = directory.resolve("." + NAME + ".new");
        Files.deleteIfExists(staged);
        try (var channel =
                FileChannel.open(staged, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(staged, directory.resolve(NAME), ATOMIC_MOVE, REPLACE_EXISTING);
    }

    /// The digest comes first.
    private static byte[] encode(ConfigCopy copy) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(new byte[DIGEST_BYTES]);
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(FORMAT);
            out.writeUTF(copy.trustDomain().name());
            out.writeLong(copy.savedAt().toEpochMilli());
            out.writeInt(copy.positions().size());
            for (var position : copy.positions().entrySet()) {
                out.writeUTF(position.getKey());
                out.writeUTF(position.getValue().topicId());
                out.writeLong(position.getValue().offset());
            }
            out.writeInt(copy.records().size());
            for (var followed : copy.records()) {
                out.writeUTF(followed.topic());
                write(out, followed.key().getBytes(StandardCharsets.UTF_8));
                var value = followed.value();
                write(out, value == null ? new byte[0] : value);
                out.writeLong(followed.offset());
            }
        }
        var content = bytes.toByteArray();
        System.arraycopy(digest(content), 0, content, 0, DIGEST_BYTES);
        return content;
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static ConfigCopy decode(byte[] content) throws IOException {
        if (content.length < DIGEST_BYTES || !Arrays.equals(digest(content), Arrays.copyOf(content, DIGEST_BYTES))) {
            throw new IOException("damaged");
        }
        var in = new DataInputStream(new ByteArrayInputStream(content, DIGEST_BYTES, content.length - DIGEST_BYTES));
        var format = in.readUTF();
        if (!format.equals(FORMAT)) {
            throw new IOException("format: " + format + " (expected: " + FORMAT + ")");
        }
        var trustDomain = new TrustDomain(in.readUTF());
        var savedAt = Instant.ofEpochMilli(in.readLong());
        var positions = new HashMap<String, TopicPosition>();
        for (var left = in.readInt(); left > 0; left--) {
            positions.put(in.readUTF(), new TopicPosition(in.readUTF(), in.readLong()));
        }
        var records = new ArrayList<FollowedRecord>();
        for (var left = in.readInt(); left > 0; left--) {
            records.add(new FollowedRecord(
                    in.readUTF(),
                    new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8),
                    in.readNBytes(in.readInt()),
                    in.readLong()));
        }
        return new ConfigCopy(trustDomain, savedAt, positions, records);
    }

    /// SHA-256 of what follows the digest.
    private static byte[] digest(byte[] content) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(content, DIGEST_BYTES, content.length - DIGEST_BYTES);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
