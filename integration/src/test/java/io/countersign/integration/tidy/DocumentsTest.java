package io.countersign.integration.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.integration.tidy.SourceTree.Source;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    private static final Pattern LOG_KEY = Pattern.compile("addKeyValue\\(\\s*\"(\\w+)\"");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|Soak))(?:\\.(\\w+))?`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void configurationIsDocumentedAsTheMappingsHaveIt() {
        // Given
        var expected = ConfigurationMappings.document();
        if (Boolean.getBoolean("countersign.write-docs")) {
            SourceTree.write("docs/configuration.md", expected);
        }

        // When
        var written = SourceTree.file("docs/configuration.md").text() + "\n";

        // Then
        assertThat(written).isEqualTo(expected);
        assertThat(ConfigurationMappings.all())
                .allSatisfy(key -> assertThat(key.meaning()).as(key.name()).isNotBlank());
    }

    @Test
    void kubernetesConfigurationSetsKnownKeys() {
        // Given
        var known = ConfigurationMappings.all().stream()
                .map(ConfigurationMappings.Key::name)
                .toList();

        // When
        var set = SourceTree.all().stream()
                .filter(source -> source.path().startsWith("deploy/k8s/base/config"))
                .flatMap(source -> source.lines().stream())
                .filter(line -> line.startsWith("countersign."))
                .map(line -> line.substring(0, line.indexOf('=')));

        // Then
        assertThat(set).isNotEmpty().isSubsetOf(known);
    }

    @Test
    void everyKeyOfTheLogsIsDocumented() {
        // Given
        var used = new TreeSet<String>();
        SourceTree.java()
                .filter(source -> !source.isTest())
                .forEach(source -> LOG_KEY.matcher(source.text()).results().forEach(match -> used.add(match.group(1))));

        // When
        var documented = firstCells("docs/logging.md");

        // Then
        assertThat(documented).containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void eventsAreDocumentedAsTheCatalogueHasThem() {
        // Given
        var expected = TopicCatalogue.ALL.stream().map(DocumentsTest::row).toList();

        // When
        var rows = SourceTree.file("docs/events.md").lines().stream()
                .filter(line -> line.startsWith("| `countersign."))
                .map(line -> List.of(line.split("\\s*\\|\\s*")))
                .map(cells -> List.of(cells.get(1), cells.get(2), cells.get(4), cells.get(5), cells.get(6)));

        // Then
        assertThat(rows).containsExactlyElementsOf(expected);
    }

    @Test
    void everyLinkLeadsSomewhere() {
        // Given
        var documents = SourceTree.all().stream().filter(source -> source.name().endsWith(".md"));

        // When
        var broken = documents.flatMap(DocumentsTest::brokenLinks);

        // Then
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPromiseOfTheThreatModelNamesTheTestsThatHoldIt() {
        // Given
        var tests = SourceTree.java()
                .filter(Source::isTest)
                .collect(Collectors.toMap(source -> source.name().replace(".java", ""), Source::text, String::concat));

        // When
        var promises = SourceTree.file("docs/threat-model.md").lines().stream()
                .dropWhile(line -> !line.startsWith("| Attacker"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        // Then
        assertThat(promises)
                .isNotEmpty()
                .allSatisfy(promise -> assertThat(namedTests(promise))
                        .isNotEmpty()
                        .allSatisfy(test -> assertThat(tests.getOrDefault(test.group(1), ""))
                                .contains(test.group(2) == null ? test.group(1) : "void " + test.group(2) + "(")));
    }

    /// What stands in a row's last cell: a class, or a method of it.
    private static List<MatchResult> namedTests(String row) {
        var last = row.substring(row.lastIndexOf('|', row.length() - 2));
        return TEST.matcher(last).results().toList();
    }

    private static Stream<String> brokenLinks(Source document) {
        return LINK.matcher(document.text())
                .results()
                .map(link -> link.group(1))
                .filter(target -> !SourceTree.exists(document.path().resolveSibling(target)))
                .map(target -> document + ": " + target);
    }

    private static Stream<String> firstCells(String document) {
        return Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(SourceTree.file(document).text())
                .results()
                .map((MatchResult match) -> match.group(1));
    }

    private static List<String> row(Topic topic) {
        var readers = topic.readers().stream().map(DocumentsTest::role).sorted().toList();
        return List.of(
                "`" + topic.name() + "`",
                topic.key(),
                topic.retention().name(),
                role(topic.writer()),
                readers.isEmpty() ? "none" : String.join(", ", readers));
    }

    private static String role(Topic.Role role) {
        return role == Topic.Role.NODE ? "node" : role.user();
    }
}
