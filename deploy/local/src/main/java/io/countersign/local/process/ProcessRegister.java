package io.countersign.local.process;

import io.countersign.local.process.Part.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The processes that were started and not stopped yet: one small file each, so that whoever stops them later stops
/// exactly them, and whoever supervises them knows what should run.
///
/// Each process also carries its record's path in its environment. So one whose file was lost or torn is found all the
/// same.
///
/// @param folder of the files
public record ProcessRegister(Path folder) {

    /// What a part's process carries in its environment: its kind, and where its record is.
    public static final String MARK = "MESH_PART";

    /// A part's name and its process.
    public record Entry(String name, Kind kind, ProcessIdentity process) {}

    /// All entries by name, also those whose process has ended, and those whose process runs without a record.
    public List<Entry> entries() {
        List<Entry> marked = marked();
        try (Stream<Path> files = Files.list(folder)) {
            var names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(WholeFile.PARTIAL));
            return Stream.concat(names, marked.stream().map(Entry::name))
                    .distinct()
                    .sorted()
                    .map(name -> find(name, marked))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("process register " + folder, e);
        }
    }

    /// The part's process that runs, or else the last one that ran and was not stopped.
    public Optional<Entry> find(String name) {
        return recorded(name)
                .filter(entry -> entry.process().isAlive())
                // To look at every process takes its time.
                .or(() -> find(name, marked()));
    }

    /// Whether a file says so, too.
    boolean isRecorded(Entry entry) {
        return recorded(entry.name()).filter(entry::equals).isPresent();
    }

    private Optional<Entry> find(String name, List<Entry> marked) {
        Optional<Entry> recorded = recorded(name);
        return recorded.filter(entry -> entry.process().isAlive())
                .or(() -> marked.stream()
                        .filter(entry -> entry.name().equals(name))
                        .findFirst())
                .or(() -> recorded);
    }

    /// Empty also for a file that is none of ours or was cut short.
    private Optional<Entry> recorded(String name) {
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

    /// What runs, as the processes say it themselves. A part leads its session; what it has started does not.
    private List<Entry> marked() {
        String end = " " + folder + "/";
        var found = new ArrayList<Entry>();
        long self = ProcessHandle.current().pid();
        for (ProcessHandle handle : ProcessHandle.allProcesses().toList()) {
            ProcessIdentity.of(handle.pid())
                    // A supervisor becomes the launcher that stops everything.
                    .filter(process -> process.pid() != self)
                    .filter(ProcessIdentity::leadsSession)
                    .ifPresent(process -> process.variable(MARK)
                            .filter(mark -> mark.contains(end))
                            .ifPresent(mark -> found.add(new Entry(
                                    mark.substring(mark.indexOf(end) + end.length()),
                                    Kind.valueOf(mark.substring(0, mark.indexOf(end))),
                                    process))));
        }
        return found;
    }

    /// What the part's process must carry.
    String mark(Part part) {
        return part.kind() + " " + folder.resolve(part.name());
    }

    /// @throws UncheckedIOException when it cannot be written; what was there before is still there
    void add(Entry entry) {
        var process = entry.process();
        try {
            WholeFile.write(
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
