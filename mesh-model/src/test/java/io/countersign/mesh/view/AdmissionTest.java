package io.countersign.mesh.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.view.Admission.Verdict;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdmissionTest {
    private static final Map<String, Verdict> WORDS = Map.of(
            "tls", Verdict.TERMINATE_MUTUAL_TLS,
            "http", Verdict.RELAY_HTTP,
            "raw", Verdict.RELAY_RAW,
            "reset", Verdict.RESET);

    @ParameterizedTest
    @CsvSource({
        //                MESH_TLS  OTHER_TLS  HTTP1   HTTP2   OTHER   SILENT
        "STRICT,     AUTO, tls,      tls,       reset,  reset,  reset,  reset",
        "STRICT,     HTTP, tls,      tls,       reset,  reset,  reset,  reset",
        "STRICT,     TCP,  tls,      tls,       reset,  reset,  reset,  reset",
        "PERMISSIVE, AUTO, tls,      raw,       http,   http,   raw,    raw",
        "PERMISSIVE, HTTP, tls,      reset,     http,   http,   reset,  reset",
        "PERMISSIVE, TCP,  tls,      raw,       raw,    raw,    raw,    raw",
        "OPEN,       AUTO, tls,      raw,       http,   http,   raw,    raw",
        "OPEN,       HTTP, tls,      reset,     http,   http,   reset,  reset",
        "OPEN,       TCP,  tls,      raw,       raw,    raw,    raw,    raw",
        "DISABLE,    AUTO, raw,      raw,       http,   http,   raw,    raw",
        "DISABLE,    HTTP, reset,    reset,     http,   http,   reset,  reset",
        "DISABLE,    TCP,  raw,      raw,       raw,    raw,    raw,    raw",
    })
    void modeProtocolAndFirstBytesDecide(ArgumentsAccessor row) {
        var mode = row.get(0, PortMode.class);
        var protocol = row.get(1, PortProtocol.class);
        assertThat(Arrays.stream(FirstBytes.values()).map(first -> Admission.decide(mode, protocol, first)))
                .containsExactly(Stream.iterate(2, column -> column + 1)
                        .limit(FirstBytes.values().length)
                        .map(column -> WORDS.get(row.getString(column)))
                        .toArray(Verdict[]::new));
    }

    @ParameterizedTest
    @EnumSource(PortProtocol.class)
    void whatIsInsideMutualTlsGoesOnAsOnAPortWithoutIt(PortProtocol protocol) {
        assertThat(FirstBytes.values())
                .allSatisfy(first -> assertThat(Admission.relay(protocol, first))
                        .isEqualTo(Admission.decide(PortMode.DISABLE, protocol, first)));
    }
}
