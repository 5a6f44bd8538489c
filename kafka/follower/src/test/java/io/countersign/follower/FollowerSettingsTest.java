package io.countersign.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowerSettingsTest {
    private static final FollowerSettings SETTINGS =
            FollowerSettings.of("follower", Map.of("sasl.jaas.config", "the-password"), List.of("topic"));

    @Test
    void followsFromTheStartUnlessToldOtherwise() {
        assertThat(SETTINGS.resumeFrom()).isEmpty();
        assertThat(SETTINGS.topicCheckInterval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void doesNotPrintThePassword() {
        assertThat(SETTINGS.toString()).contains("topic").doesNotContain("the-password");
    }

    @Test
    void refusesWhatCannotBeFollowed() {
        assertThatThrownBy(() -> FollowerSettings.of("follower", Map.of(), List.of()))
                .hasMessage("followed topics: none (expected: at least one)");
        assertThatThrownBy(() -> SETTINGS.withTopicCheckInterval(Duration.ZERO))
                .hasMessage("topic check interval: PT0S (expected: > 0)");
        assertThatThrownBy(() -> SETTINGS.resumingFrom(Map.of("other", new TopicPosition("id", 0))))
                .hasMessage("topics to resume: [other] (expected: some of [topic])");
        assertThatThrownBy(() -> new TopicPosition("id", -1)).hasMessage("topic position: -1 (expected: >= 0)");
    }
}
