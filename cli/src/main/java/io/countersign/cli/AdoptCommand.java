package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "adopt",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a restored database, as it stands, what the mesh goes by.",
            "A service whose topics hold what its database does not know publishes nothing. Either the newer database is"
                    + " restored, and the service goes on by itself; or this database is adopted: all of it is published"
                    + " again, and what only the topics hold is withdrawn.",
            "Without --yes it shows what an adoption would change, and changes nothing."
        },
        footer = {
            "",
            "Examples:",
            "  csign mesh adopt policy-service",
            "  csign mesh adopt policy-service --yes",
            "  csign mesh adopt ca-service -o json"
        })
final class AdoptCommand implements Callable<Integer> {
    private static final String HISTORY = "/v1/history";
    private static final String ADOPTION = "/v1/history/adoption";

    /// The services that have a database.
    enum Service {
        POLICY_SERVICE("policy-service"),
        CA_SERVICE("ca-service");

        private final String text;

        Service(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Mixin
    private Connection connection = new Connection();

    @Parameters(paramLabel = "SERVICE", description = "Whose database: ${COMPLETION-CANDIDATES}.")
    private Service service = Service.POLICY_SERVICE;

    @Option(names = "--yes", description = "Adopts. It cannot be taken back.")
    private boolean confirmed;

    @Option(names = "-o", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES} (default: table).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        var client = switch (service) {
            case POLICY_SERVICE -> connection.api();
            case CA_SERVICE -> connection.authority();
        };
        var report = confirmed ? client.post(ADOPTION) : client.get(HISTORY);
        if (format == OutputFormat.JSON) {
            connection.print(report);
            return 0;
        }
        var doubt = report.path("doubt").asText();
        if (doubt.isEmpty()) {
            connection.print(service + ": the topics are of its database's history, nothing to adopt");
            return 0;
        }
        connection.print(doubt);
        print(report.path("differences"));
        connection.print(
                confirmed
                        ? "adopted: history " + report.path("history").asText() + " is being published"
                        : "nothing was changed: --yes adopts the database as it stands");
        return 0;
    }

    private void print(JsonNode differences) {
        if (differences.isEmpty()) {
            connection.print("the topics hold the same as the database");
            return;
        }
        var table = new TextTable("EFFECT", "TOPIC", "KEY");
        differences.forEach(each -> table.add(
                each.path("effect").asText(),
                each.path("topic").asText(),
                each.path("key").asText()));
        connection.print(table);
    }
}
