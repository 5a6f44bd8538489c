package io.countersign.local.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The JVM's archives of loaded classes (class data sharing), which halve the processor time that a start takes.
///
/// A JVM writes its archive when it ends, if there is none that fits its jars, and maps it at the next start; one that
/// does not fit any more is ignored.
///
/// @param folder made when absent
record ClassArchives(Path folder) {

    /// Otherwise each class that cannot be archived is a line in the part's log.
    private static final String QUIET = "-Xlog:cds=off";

    /// The flags of a JVM that uses the archive of that name.
    ///
    /// @param writes whether this JVM writes the archive: of several that share one, one does
    List<String> flags(String name, boolean writes) {
        Path archive = folder.resolve(name + ".jsa");
        if (writes) {
            create();
            return List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive, QUIET);
        }
        return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive, QUIET) : List.of();
    }

    private void create() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("folder of class archives " + folder, e);
        }
    }
}
