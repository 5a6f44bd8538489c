package io.countersign.integration.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.tidy.SourceTree.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TidyTest {
    private static final int MAIN_LINES_MAX = 400;
    private static final int TEST_LINES_MAX = 600;
    private static final int METHOD_LINES_MAX = 70;
    private static final int DECISION_LINES_MAX = 110;
    private static final int README_LINES_MAX = 150;
    private static final int MODULE_README_LINES_MAX = 40;

    private static final Pattern BLOCK_END = Pattern.compile("(?: {4}){1,3}}");
    private static final Pattern TYPE = Pattern.compile(".*\\b(class|interface|enum|record|@interface)\\b.*");
    private static final Pattern BANNED_NAME =
            Pattern.compile(".*((?<!Key|Trust)Manager|Helper|Utils?|Impl|Dto|Processor)\\.java|(Abstract|Base)[A-Z].*");
    private static final Pattern BANNED_FOLDER =
            Pattern.compile(".*/(util|common|helper|impl|dto|model|mapper|exception|service)/.*\\.java");

    /// Put together, so that this file does not have them itself.
    private static final Pattern BANNED_WORD = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.}])/(wo" + "rk|ro" + "ot)/\\w");
    private static final Pattern REGISTRY = Pattern.compile(
            "docker\\.i" + "o/|quay\\.i" + "o|ghcr\\.i" + "o|gcr\\.i" + "o|repo1?\\.maven|registry\\.npm");
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN [A-Z ]*PRIVATE K" + "EY-----\\s*[A-Za-z0-9+/]");

    private static final List<String> DECISION_HEADINGS = List.of(
            "## Status",
            "## Context",
            "## Decision",
            "## Consequences",
            "## Security implications",
            "## Reliability implications",
            "## Rejected alternatives");

    @Test
    void filesAreShortEnoughToRead() {
        assertThat(SourceTree.java())
                .allSatisfy(source -> assertThat(source.lines())
                        .as(source.toString())
                        .hasSizeLessThanOrEqualTo(source.isTest() ? TEST_LINES_MAX : MAIN_LINES_MAX));
    }

    @Test
    void methodsAreShortEnoughToRead() {
        assertThat(SourceTree.java().flatMap(TidyTest::longBlocks)).isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() {
        assertThat(SourceTree.java())
                .noneMatch(source -> BANNED_NAME.matcher(source.name()).matches())
                .noneMatch(source -> BANNED_FOLDER.matcher(source.toString()).matches());
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(found(BANNED_WORD)).isEmpty();
    }

    @Test
    void noFileKnowsThisMachineOrARegistry() {
        assertThat(found(MACHINE_PATH)).isEmpty();
        assertThat(found(REGISTRY)).isEmpty();
    }

    @Test
    void noPrivateKeyIsInTheRepository() {
        assertThat(SourceTree.all())
                .noneMatch(source -> PRIVATE_KEY.matcher(source.text()).find())
                .noneMatch(source -> source.name().matches(".*\\.(key|p12|jks)"));
    }

    @Test
    void decisionsAreNumberedOnceAndSayWhatADecisionShould() {
        // Given
        var decisions = SourceTree.all().stream()
                .filter(source -> source.path().startsWith("docs/adr"))
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();

        // When
        var numbers = decisions.stream().map(source -> source.name().substring(0, 4));

        // Then
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, decisions.size())
                        .mapToObj("%04d"::formatted)
                        .toList());
        assertThat(decisions).allSatisfy(decision -> {
            var number = Integer.parseInt(decision.name().substring(0, 4));
            assertThat(decision.lines().getFirst()).startsWith("# " + number + ". ");
            assertThat(decision.lines().stream().filter(line -> line.startsWith("## ")))
                    .containsExactlyElementsOf(DECISION_HEADINGS);
            assertThat(decision.lines()).hasSizeLessThanOrEqualTo(DECISION_LINES_MAX);
        });
    }

    @Test
    void readmesAreShort() {
        assertThat(SourceTree.all().stream().filter(source -> source.name().equals("README.md")))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source.lines())
                        .as(source.toString())
                        .hasSizeLessThanOrEqualTo(
                                source.path().getNameCount() == 1 ? README_LINES_MAX : MODULE_README_LINES_MAX));
    }

    @Test
    void goldenFilesAreAddedAndNeverChanged() throws Exception {
        // Given
        assertThat(Path.of("..", ".git")).as("the repository's history").exists();

        // When
        var committed = git("log", "--diff-filter=MDR", "--format=", "--name-only", "--", "*/golden/*");
        var present = git("diff", "HEAD", "--diff-filter=MDR", "--name-only", "--", "*/golden/*");

        // Then
        assertThat(committed).isEmpty();
        assertThat(present).isEmpty();
    }

    /// Blocks of a type's body, by the formatter's indentation, that are longer than a method may be.
    private static Stream<String> longBlocks(Source source) {
        var found = new ArrayList<String>();
        var lines = source.lines();
        for (int end = 0; end < lines.size(); end++) {
            if (!BLOCK_END.matcher(lines.get(end)).matches()) {
                continue;
            }
            int start = opening(lines, end, lines.get(end).length() - 1);
            if (end - start >= METHOD_LINES_MAX
                    && !TYPE.matcher(lines.get(start)).matches()) {
                found.add(source + ":" + (start + 1) + " " + lines.get(start).strip());
            }
        }
        return found.stream();
    }

    /// The line that opens the block which ends there: the nearest one before it at the same depth.
    private static int opening(List<String> lines, int end, int depth) {
        int start = end - 1;
        while (start > 0 && (lines.get(start).isBlank() || indentation(lines.get(start)) != depth)) {
            start--;
        }
        return start;
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static Stream<String> found(Pattern pattern) {
        return SourceTree.all().stream()
                .flatMap(source -> source.lines().stream()
                        .filter(line -> pattern.matcher(line).find())
                        .map(line -> source + ": " + line.strip()));
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        var output = Files.createTempFile("git", ".txt");
        var command = Stream.concat(Stream.of("git", "-C", ".."), Stream.of(arguments))
                .toList();
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        var text = Files.readString(output).strip();
        Files.delete(output);
        assertThat(exit).as(text).isZero();
        return text;
    }
}
