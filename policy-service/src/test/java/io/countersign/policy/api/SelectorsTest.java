package io.countersign.policy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.policy.failure.RefusedRequest;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorsTest {
    private static final Map<String, String> LABELS = Map.of("app", "httpbin", "version", "v1", "a.b/c", "");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app=httpbin",
                "app==httpbin,version=v1",
                "app!=sleep",
                "absent!=x",
                "app in (sleep, httpbin)",
                "app notin (sleep),version in (v1,v2)",
                "absent notin (x)",
                "app",
                "!absent",
                "a.b/c="
            })
    void selects(String selector) {
        assertThat(LabelSelector.parse(selector).test(LABELS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"app=sleep", "app!=httpbin", "app in (sleep)", "app notin (httpbin)", "absent", "!app"})
    void doesNotSelect(String selector) {
        assertThat(LabelSelector.parse(selector).test(LABELS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"app=a=b", "app in sleep", "=x", "app in (x"})
    void refusesWhatIsNoSelector(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector)).isInstanceOf(RefusedRequest.class);
    }

    @Test
    void readsNameAndNamespace() {
        assertThat(FieldSelector.parse("metadata.name=a,metadata.namespace==b"))
                .isEqualTo(new FieldSelector(Optional.of("a"), Optional.of("b")));
        assertThat(FieldSelector.parse("")).isEqualTo(new FieldSelector(Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec.host=x", "metadata.name!=x", "metadata.name"})
    void refusesOtherFields(String selector) {
        assertThatThrownBy(() -> FieldSelector.parse(selector)).isInstanceOf(RefusedRequest.class);
    }
}
