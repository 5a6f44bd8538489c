package io.countersign.mesh.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.config.PortMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    @ParameterizedTest
    @CsvSource({
        "STRICT,     MESH_TLS,  TERMINATE_MUTUAL_TLS",
        "STRICT,     OTHER_TLS, TERMINATE_MUTUAL_TLS",
        "STRICT,     HTTP1,     RESET",
        "STRICT,     OTHER,     RESET",
        "PERMISSIVE, MESH_TLS,  TERMINATE_MUTUAL_TLS",
        "PERMISSIVE, OTHER_TLS, RESET",
        "PERMISSIVE, HTTP1,     RELAY_PLAINTEXT",
        "PERMISSIVE, OTHER,     RESET",
        "OPEN,       MESH_TLS,  TERMINATE_MUTUAL_TLS",
        "OPEN,       OTHER_TLS, RESET",
        "OPEN,       HTTP1,     RELAY_PLAINTEXT",
        "OPEN,       OTHER,     RESET",
        "DISABLE,    MESH_TLS,  RESET",
        "DISABLE,    OTHER_TLS, RESET",
        "DISABLE,    HTTP1,     RELAY_PLAINTEXT",
        "DISABLE,    OTHER,     RESET",
    })
    void modeAndFirstBytesDecide(PortMode mode, FirstBytes first, Admission.Verdict verdict) {
        assertThat(Admission.decide(mode, first)).isEqualTo(verdict);
    }
}
