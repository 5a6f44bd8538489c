package io.countersign.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CaptureRulesTest {

    private static final String DEFAULT = """
            *nat
            :ISTIO_INBOUND - [0:0]
            :ISTIO_IN_REDIRECT - [0:0]
            :ISTIO_OUTPUT - [0:0]
            :ISTIO_REDIRECT - [0:0]
            -A PREROUTING -p tcp -j ISTIO_INBOUND
            -A OUTPUT -p tcp -j ISTIO_OUTPUT
            -A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
            -A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
            -A ISTIO_INBOUND -p tcp --dport 22 -j RETURN
            -A ISTIO_INBOUND -p tcp --dport 15000 -j RETURN
            -A ISTIO_INBOUND -p tcp --dport 15020 -j RETURN
            -A ISTIO_INBOUND -p tcp --dport 15021 -j RETURN
            -A ISTIO_INBOUND -p tcp --dport 15090 -j RETURN
            -A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
            -A ISTIO_OUTPUT -o lo -s 127.0.0.6/32 -j RETURN
            -A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -p tcp -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT
            -A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -p tcp -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT
            -A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN
            -A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN
            -A ISTIO_OUTPUT -o lo -j RETURN
            -A ISTIO_OUTPUT -j ISTIO_REDIRECT
            COMMIT
            """;

    @Test
    void capturesEverythingByDefault() {
        assertThat(rules(AddressFamily.IPV4)).isEqualTo(DEFAULT);
        assertThat(rules(AddressFamily.IPV6))
                .isEqualTo(DEFAULT.replace("127.0.0.1/32", "::1/128").replace("127.0.0.6/32", "::6/128"));
    }

    /// What an option takes away from the default's rules and adds to them.
    @ParameterizedTest
    @MethodSource
    void followsItsOptions(List<String> options, List<String> removed, List<String> added) {
        // When
        var rules = rules(AddressFamily.IPV4, options.toArray(String[]::new)).lines();

        // Then
        var expected = Stream.concat(DEFAULT.lines().filter(line -> !removed.contains(line)), added.stream());
        assertThat(rules).containsExactlyInAnyOrderElementsOf(expected.toList());
    }

    static Stream<Arguments> followsItsOptions() {
        var everyPort = "-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT";
        var everyAddress = "-A ISTIO_OUTPUT -j ISTIO_REDIRECT";
        var toProxy = "-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001";
        var toInbound = "-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006";
        var gid = "-A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN";
        var ownGid = "-A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -p tcp -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT";
        return Stream.of(
                options(
                        "--inbound-ports=8000,9000",
                        List.of(everyPort),
                        "-A ISTIO_INBOUND -p tcp --dport 8000 -j ISTIO_IN_REDIRECT",
                        "-A ISTIO_INBOUND -p tcp --dport 9000 -j ISTIO_IN_REDIRECT"),
                options("--inbound-ports=", List.of(everyPort)),
                options("--exclude-inbound-ports=9000", List.of(), "-A ISTIO_INBOUND -p tcp --dport 9000 -j RETURN"),
                options("--outbound-ports=443", List.of(), "-A ISTIO_OUTPUT -p tcp --dport 443 -j ISTIO_REDIRECT"),
                options("--exclude-outbound-ports=25", List.of(), "-A ISTIO_OUTPUT -p tcp --dport 25 -j RETURN"),
                options(
                        "--outbound-ranges=10.0.0.0/8,fd00::/8,192.0.2.7",
                        List.of(everyAddress),
                        "-A ISTIO_OUTPUT -d 10.0.0.0/8 -j ISTIO_REDIRECT",
                        "-A ISTIO_OUTPUT -d 192.0.2.7/32 -j ISTIO_REDIRECT"),
                options("--outbound-ranges=", List.of(everyAddress)),
                options(
                        "--exclude-outbound-ranges=10.1.0.0/16,::1",
                        List.of(),
                        "-A ISTIO_OUTPUT -d 10.1.0.0/16 -j RETURN"),
                options(
                        "--exclude-uids=1337,0",
                        List.of(),
                        "-A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -p tcp -m owner --uid-owner 0 -j ISTIO_IN_REDIRECT",
                        "-A ISTIO_OUTPUT -m owner --uid-owner 0 -j RETURN"),
                options(
                        "--exclude-gids=7",
                        List.of(gid, ownGid),
                        gid.replace("1337", "7"),
                        ownGid.replace("1337", "7")),
                options("--proxy-port=16001", List.of(toProxy), toProxy.replace("15001", "16001")),
                options("--inbound-port=16006", List.of(toInbound), toInbound.replace("15006", "16006")));
    }

    @Test
    void exclusionsGoBeforeWhatIsIncluded() {
        // When
        var lines = rules(
                        AddressFamily.IPV4,
                        "--exclude-inbound-ports=8000",
                        "--inbound-ports=8000",
                        "--exclude-outbound-ports=443",
                        "--outbound-ports=443",
                        "--exclude-outbound-ranges=10.1.0.0/16",
                        "--outbound-ranges=10.0.0.0/8")
                .lines()
                .toList();

        // Then
        assertThat(lines)
                .containsSubsequence(
                        "-A ISTIO_INBOUND -p tcp --dport 8000 -j RETURN",
                        "-A ISTIO_INBOUND -p tcp --dport 8000 -j ISTIO_IN_REDIRECT",
                        "-A ISTIO_OUTPUT -p tcp --dport 443 -j RETURN",
                        "-A ISTIO_OUTPUT -d 10.1.0.0/16 -j RETURN",
                        "-A ISTIO_OUTPUT -p tcp --dport 443 -j ISTIO_REDIRECT",
                        "-A ISTIO_OUTPUT -d 10.0.0.0/8 -j ISTIO_REDIRECT");
    }

    @Test
    void jumpsThatAreThereStayWhereTheyAre() {
        // Given
        var present = List.of(
                "*nat",
                ":ISTIO_INBOUND - [0:0]",
                "-A PREROUTING -p tcp -j ISTIO_INBOUND",
                "-A OUTPUT -p tcp -j ISTIO_OUTPUT",
                "COMMIT");

        // When
        var again = CaptureRules.apply(options(), AddressFamily.IPV4, present);

        // Then
        assertThat(again.lines())
                .doesNotContain("-A PREROUTING -p tcp -j ISTIO_INBOUND", "-A OUTPUT -p tcp -j ISTIO_OUTPUT")
                .contains(":ISTIO_INBOUND - [0:0]");
    }

    @Test
    void clearRemovesWhatIsThereAndNothingOfOthers() {
        // Given
        var present = List.of(
                ":OUTPUT ACCEPT [0:0]",
                ":ISTIO_OUTPUT - [0:0]",
                ":ISTIO_REDIRECT - [0:0]",
                ":SERVICES - [0:0]",
                "-A OUTPUT -p tcp -j ISTIO_OUTPUT",
                "-A OUTPUT -p tcp -j SERVICES",
                "-A ISTIO_OUTPUT -j ISTIO_REDIRECT");

        // Then
        assertThat(CaptureRules.clear(present)).isEqualTo("""
                *nat
                -D OUTPUT -p tcp -j ISTIO_OUTPUT
                -F ISTIO_OUTPUT
                -F ISTIO_REDIRECT
                -X ISTIO_OUTPUT
                -X ISTIO_REDIRECT
                COMMIT
                """);
        assertThat(CaptureRules.clear(List.of(":OUTPUT ACCEPT [0:0]", "-A OUTPUT -p tcp -j SERVICES")))
                .isEmpty();
    }

    @Test
    void aDryRunPrintsAScript() {
        // Given
        var output = new StringWriter();
        var command =
                CaptureCommand.of(List.of(new KernelTable(AddressFamily.IPV4))).setOut(new PrintWriter(output));

        // When
        int code = command.execute("apply", "--dry-run");

        // Then
        assertThat(code).isZero();
        assertThat(output).hasToString("iptables-restore --noflush <<'RULES'\n" + DEFAULT + "RULES\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--outbound-ports=http",
                "--proxy-port=0",
                "--exclude-inbound-ports=65536",
                "--exclude-outbound-ranges=10.0.0.0/33",
                "--exclude-outbound-ranges=example.org",
                "--exclude-uids=root",
                "--inbound-ports=*,80",
                "--outbound-ranges=localhost"
            })
    void refusesWhatIsNoPortRangeOrOwner(String option) {
        // Given
        var errors = new StringWriter();
        var command =
                CaptureCommand.of(List.of(new KernelTable(AddressFamily.IPV4))).setErr(new PrintWriter(errors));

        // Then
        assertThat(command.execute("apply", "--dry-run", option)).isNotZero();
        assertThat(errors.toString()).isNotEmpty();
    }

    private static Arguments options(String option, List<String> removed, String... added) {
        return arguments(List.of(option), removed, List.of(added));
    }

    private static String rules(AddressFamily family, String... options) {
        return CaptureRules.apply(options(options), family, List.of());
    }

    private static CaptureOptions options(String... options) {
        var parsed = new CaptureOptions();
        new CommandLine(parsed)
                .registerConverter(Port.class, Port::parse)
                .registerConverter(AddressRange.class, AddressRange::parse)
                .parseArgs(options);
        return parsed;
    }
}
