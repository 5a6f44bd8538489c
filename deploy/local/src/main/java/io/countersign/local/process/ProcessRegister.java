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
///
/// @param folder of the files
public record ProcessRegister(Path folder) {

    /// A part's name and its process.
    public record Entry(String name, Kind kind, ProcessIdentity process) {}

    /// All entries by name, also those whose process has ended.
    public List<Entry> entries() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted()
                    .map(file -> find(file.getFileName().toString()))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("process register " + folder, e);
        }
    }

    /// Empty also for a file that is none of ours or was cut short by a crash.
    public Optional<Entry> find(String name) {
        Path file = folder.resolve(name);
        try {
            String[] fields =
                    Files.exists(file) ? Files.readString(file).strip().split(" ", -1) : new String[0];
            if (fields.length != 3) {
                return Optional.empty();
            }
            var process = new ProcessIdentity(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
            return Optional.of(new Entry(name, Kind.valueOf(fields[0]), process));
        } catch (IOException e) {
            throw new UncheckedIOException("process register " + file, e);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void add(Entry entry) {
        var process = entry.process();
        try {
            Files.writeString(
                    folder.resolve(entry.name()), entry.kind() + " " + process.pid() + " " + process.started() + "\n");
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
}
