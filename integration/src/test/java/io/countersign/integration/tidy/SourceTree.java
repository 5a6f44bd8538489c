package io.countersign.integration.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The repository's text files, without what builds and runs leave in it.
final class SourceTree {
    /// Tests run in their module's folder.
    private static final Path ROOT = Path.of("..");

    private static final Set<String> NOT_OURS =
            Set.of(".git", "target", ".countersign", ".tools", ".idea", ".vscode", ".settings", ".m2");

    private SourceTree() {}

    /// A file by its path in the repository.
    record Source(Path path, List<String> lines) {
        String name() {
            return path.getFileName().toString();
        }

        boolean isJava() {
            return name().endsWith(".java");
        }

        boolean isTest() {
            return path.toString().contains("src/test/");
        }

        String text() {
            return String.join("\n", lines);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    static List<Source> all() {
        var sources = new ArrayList<Source>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return NOT_OURS.contains(folder.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (NOT_OURS.contains(file.getFileName().toString())) {
                        return FileVisitResult.CONTINUE;
                    }
                    lines(file).ifPresent(lines -> sources.add(new Source(ROOT.relativize(file), lines)));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(sources);
    }

    static Stream<Source> java() {
        return all().stream().filter(Source::isJava);
    }

    static Source file(String path) {
        try {
            return new Source(Path.of(path), Files.readAllLines(ROOT.resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean exists(Path path) {
        return Files.exists(ROOT.resolve(path));
    }

    static void write(String path, String text) {
        try {
            Files.writeString(ROOT.resolve(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Empty for a file that is no text.
    private static Optional<List<String>> lines(Path file) throws IOException {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readAllLines(file)) : Optional.empty();
        } catch (MalformedInputException e) {
            return Optional.empty();
        }
    }
}
