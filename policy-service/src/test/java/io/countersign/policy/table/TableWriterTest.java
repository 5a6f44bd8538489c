package io.countersign.policy.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Objects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableWriterTest {
    @Test
    void printsNameAndAgeOfAPolicy() {
        // When
        var table = TableWriter.write(
                ResourceType.POLICY, List.of(Objects.policy("{}")), 9, Objects.CREATED.plusSeconds(100));
        // Then
        assertThat(always(table)).containsExactly("Name", "Age");
        assertThat(table.at("/rows/0/cells/0").asText()).isEqualTo("default");
        assertThat(table.at("/rows/0/cells/1").asText()).isEqualTo("100s");
        assertThat(table.at("/rows/0/object/metadata/namespace").asText()).isEqualTo("full");
        assertThat(table.at("/metadata/resourceVersion").asText()).isEqualTo("9");
    }

    @Test
    void printsPortsOfAService() {
        // Given
        var service = Objects.created(
                ResourceKey.of(ResourceType.SERVICE, "full", "httpbin"),
                "{\"ports\":[{\"port\":8000},{\"port\":53,\"protocol\":\"UDP\"}]}");
        // When
        var table = TableWriter.write(ResourceType.SERVICE, List.of(service), 9, Objects.CREATED);
        // Then
        assertThat(always(table)).containsExactly("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age");
        assertThat(table.at("/rows/0/cells").toString())
                .startsWith("[\"httpbin\",\"ClusterIP\",\"<none>\",\"<none>\",\"8000/TCP,53/UDP\",\"0s\"");
    }

    @Test
    void givesEveryTypeOneCellAColumn() {
        for (var type : ResourceType.values()) {
            // Given
            var object = Objects.created(ResourceKey.of(type, type.namespaced() ? "full" : "", "x"), "{}");
            // When
            var table = TableWriter.write(type, List.of(object), 9, Objects.CREATED);
            // Then
            assertThat(table.at("/rows/0/cells")).hasSameSizeAs(table.path("columnDefinitions"));
        }
    }

    @Test
    void isWantedByThoseWhoAskForIt() {
        assertThat(
                        TableWriter.isWanted(
                                "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io"))
                .isTrue();
        assertThat(TableWriter.isWanted("application/json")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "-PT5S,0s",
        "PT0S,0s",
        "PT119S,119s",
        "PT2M,2m",
        "PT9M59S,9m59s",
        "PT10M5S,10m",
        "PT179M,179m",
        "PT3H,3h",
        "PT7H30M,7h30m",
        "PT47H,47h",
        "P2D,2d",
        "P7DT5H,7d5h",
        "P8DT5H,8d",
        "P729D,729d",
        "P800D,2y70d",
        "P3000D,8y"
    })
    void tellsAgesAsKubectlDoes(Duration age, String expected) {
        assertThat(HumanAge.of(age)).isEqualTo(expected);
    }

    private static List<String> always(JsonNode table) {
        var names = new ArrayList<String>();
        table.path("columnDefinitions").forEach(column -> {
            if (column.path("priority").asInt() == 0) {
                names.add(column.path("name").asText());
            }
        });
        return names;
    }
}
