package io.countersign.local.process;

import io.countersign.local.process.Part.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The processes that were started and not stopped yet: one small file each, so that whoever stops them later stops
/// exactly them.
public final class ProcessRegister {

    /// A part's name and its process.
    public record Entry(String name, Kind kind, ProcessIdentity process) {}

    private final Path folder;

    public ProcessRegister(Path folder) {
        this.folder = folder;
    }

    /// All entries by name, also those whose process has ended.
    public List<Entry> entries() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(this::read).flatMap(Optional::stream).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("process register " + folder, e);
        }
    }

    public Optional<Entry> find(String name) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? read(file) : Optional.empty();
    }

    void add(Entry entry) {
        String line = entry.kind() + " " + entry.process().pid() + " "
                + entry.process().started() + "\n";
        try {
            Files.writeString(folder.resolve(entry.name()), line);
        } catch (IOException e) {
            throw new UncheckedIOException("process register " + folder, e);
        }
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("process register " + folder, e);
        }
    }

    /// Empty for a file that is none of ours or was cut short by a crash.
    private Optional<Entry> read(Path file) {
        try {
            String[] fields = Files.readString(file).strip().split(" ", -1);
            if (fields.length != 3) {
                return Optional.empty();
            }
            var process = new ProcessIdentity(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
            return Optional.of(new Entry(file.getFileName().toString(), Kind.valueOf(fields[0]), process));
        } catch (IOException e) {
            throw new UncheckedIOException("process register " + file, e);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
