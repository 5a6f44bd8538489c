package io.countersign.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureCommandTest {

    private final Table ipv4 = new Table(AddressFamily.IPV4);
    private final Table ipv6 = new Table(AddressFamily.IPV6);
    private final StringWriter errors = new StringWriter();

    @Test
    void changesTheTableOfEachFamilyOnce() {
        // When
        int code = run("apply");

        // Then
        assertThat(code).isZero();
        assertThat(ipv4.changes).singleElement().asString().contains("127.0.0.6/32");
        assertThat(ipv6.changes).singleElement().asString().contains("::6/128");
    }

    @Test
    void aFailureLeavesNoRuleOfEitherFamily() {
        // Given
        ipv6.broken = true;

        // When
        int code = run("apply");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(errors).hasToString("error: no table\n");
        assertThat(ipv4.changes).hasSize(2).last().asString().contains("-X ISTIO_OUTPUT");
    }

    @Test
    void clearsNothingWhereNothingIs() {
        assertThat(run("clear")).isZero();
        assertThat(ipv4.changes).containsExactly("");
    }

    private int run(String command) {
        return CaptureCommand.of(List.of(ipv4, ipv6))
                .setErr(new PrintWriter(errors, true))
                .execute(command);
    }

    /// Shows the chains that were declared last.
    private static final class Table implements NatTable {
        private final AddressFamily family;
        private final List<String> changes = new ArrayList<>();
        private boolean broken;

        Table(AddressFamily family) {
            this.family = family;
        }

        @Override
        public AddressFamily family() {
            return family;
        }

        @Override
        public List<String> read() {
            return changes.isEmpty() ? List.of() : changes.getLast().lines().toList();
        }

        @Override
        public void change(String text) {
            if (broken) {
                throw new CaptureRefused("no table");
            }
            changes.add(text);
        }
    }
}
