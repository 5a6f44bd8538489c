package io.countersign.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.events.TopicCatalogue;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AccessPlanTest {

    @Test
    void letsANodeWriteItsReportsAndNothingElse() {
        // When
        var plan = AccessPlan.of(List.of(new BusUser("node-httpbin.full", "secret")));

        // Then
        assertThat(plan)
                .filteredOn(binding -> binding.entry().operation() == AclOperation.WRITE)
                .extracting(binding -> binding.pattern().name())
                .containsExactly(TopicCatalogue.NODES.name());
    }

    @Test
    void givesANodeNoGroupAndNoTransactionalId() {
        // When
        var plan = AccessPlan.of(List.of(new BusUser("node-httpbin.full", "secret")));

        // Then
        assertThat(plan).allMatch(binding -> binding.pattern().resourceType() == ResourceType.TOPIC);
    }

    @Test
    void letsOneUserWriteEachServicesTopic() {
        // When
        var plan = AccessPlan.of(List.of(
                new BusUser("ca-service", "a"),
                new BusUser("policy-service", "b"),
                new BusUser("config-distributor", "c")));

        // Then
        assertThat(plan)
                .filteredOn(binding -> binding.entry().operation() == AclOperation.WRITE)
                .filteredOn(binding -> binding.pattern().name().equals(TopicCatalogue.CONFIG.name()))
                .extracting(binding -> binding.entry().principal())
                .containsExactly("User:config-distributor");
    }

    @Test
    void refusesAUserWithoutARole() {
        // Given
        var users = List.of(new BusUser("somebody", "secret"));

        // Then
        assertThatThrownBy(() -> AccessPlan.of(users)).hasMessageContaining("bus user: somebody");
    }

    @Test
    void printsNoPassword() {
        // Given
        var user = new BusUser("ca-service", "very-secret");

        // Then
        assertThat(user.toString()).doesNotContain("very-secret");
    }
}
