package io.countersign.dataplane.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.events.ConfigCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.MeshConfig;
import io.countersign.mesh.config.NamespaceRules;
import io.countersign.mesh.config.NamespaceRules.NamedRule;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.view.MeshView;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigApplierTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final String CONFIG = TopicCatalogue.CONFIG.name();
    private static final String TRUST = TopicCatalogue.TRUST.name();
    private static final String REVOCATIONS = TopicCatalogue.REVOCATIONS.name();
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final ConfigKey HTTPBIN = ConfigKey.service("full", "httpbin");
    private static final ConfigKey OTHER = ConfigKey.service("full", "other");

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(2))
            .withTransport(EventLoops.transport())
            .build();
    private final EventLoops loops = EventLoops.of(vertx);
    private final LiveView live = new LiveView();
    private final List<AppliedConfig> inForce = new CopyOnWriteArrayList<>();
    private final ConfigApplier applier = new ConfigApplier(DOMAIN, loops, live, inForce::add, () -> NOW);
    private long offset;

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void publishesNothingBeforeTheTopicWasReadToItsEnd() {
        // When
        applier.onBatch(batch(service(HTTPBIN, "1")));

        // Then
        assertThat(live.current().services()).isEmpty();
        applier.onCaughtUp(positions());
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN);
    }

    @Test
    void saysInForceOnlyOnceEveryEventLoopHasPassed() throws InterruptedException {
        // Given
        applier.onCaughtUp(positions());
        Awaitility.await().until(() -> inForce.size() == 1);
        var release = new CountDownLatch(1);
        var busy = new CountDownLatch(1);
        loops.all().getFirst().execute(() -> {
            busy.countDown();
            awaitUninterruptibly(release);
        });
        busy.await();

        // When
        applier.onBatch(batch(service(HTTPBIN, "1")));
        loops.all().getLast().submit(() -> {}).syncUninterruptibly();

        // Then
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN);
        assertThat(inForce).hasSize(1);
        release.countDown();
        Awaitility.await().until(() -> inForce.size() == 2);
        assertThat(inForce.getLast().position()).isEqualTo(offset);
    }

    @Test
    void keepsTheLastGoodOneOfAKeyThatCannotBeReadAndHealsWithTheNext() {
        // Given
        applier.onBatch(batch(service(HTTPBIN, "1")));
        applier.onCaughtUp(positions());

        // When
        applier.onBatch(batch(record(
                CONFIG, HTTPBIN.toString(), "{\"type\":\"Service\",\"v\":99}".getBytes(StandardCharsets.UTF_8))));
        applier.onBatch(batch(service(OTHER, "1")));
        Awaitility.await().until(() -> inForce.size() == 3);
        applier.onBatch(batch(service(HTTPBIN, "2")));
        Awaitility.await().until(() -> inForce.size() == 4);

        // Then
        assertThat(inForce.get(2).rejected()).containsOnlyKeys(HTTPBIN);
        assertThat(inForce.get(2).position()).isEqualTo(3);
        assertThat(inForce.get(3).rejected()).isEmpty();
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN, OTHER);
        assertThat(live.current().services().get(HTTPBIN).uid()).isEqualTo("2");
    }

    @Test
    void keepsRulesAndMeshSettingsAloneWhenTheirNewestCannotBeRead() {
        // Given
        var rules = ConfigKey.rules("full");
        applier.onBatch(batch(written(new MeshConfig("istio-system", false)), written(rules("oldest"))));
        applier.onCaughtUp(positions());

        // When
        applier.onBatch(batch(
                record(CONFIG, "mesh/settings", new byte[] {'{'}),
                record(CONFIG, rules.toString(), new byte[] {'{'}),
                service(HTTPBIN, "1")));
        Awaitility.await().until(() -> inForce.size() == 2);
        applier.onBatch(batch(written(rules("newer")), record(CONFIG, "mesh/settings", null)));
        Awaitility.await().until(() -> inForce.size() == 3);

        // Then
        assertThat(inForce.get(1).rejected()).containsOnlyKeys(rules, ConfigKey.MESH);
        assertThat(inForce.get(2).rejected()).isEmpty();
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN);
        assertThat(live.current().rules().get("full")).isEqualTo(rules("newer"));
        assertThat(live.current().mesh()).isEqualTo(MeshView.EMPTY.mesh());
    }

    @Test
    void servesNothingBeforeARuleThatCannotBeReadHasHealed() {
        // Given
        var names =
                "{\"type\":\"NamespaceRules\",\"v\":1,\"destinationRules\":[{\"name\":\"a\",\"host\":\"*\",\"exportTo\":[],"
                        + "\"workloadSelector\":{},\"subsets\":{},\"traffic\":{\"ports\":{},\"tls\":{\"mode\":\"ISTIO_MUTUAL\","
                        + "\"subjectAltNames\":[\"no identity\"],\"insecureSkipVerify\":false}}}]}";

        // When
        applier.onBatch(
                batch(service(HTTPBIN, "1"), record(CONFIG, "rules/full", names.getBytes(StandardCharsets.UTF_8))));
        applier.onCaughtUp(positions());

        // Then
        assertThat(live.current()).isEqualTo(MeshView.EMPTY);
        assertThat(inForce).isEmpty();

        // When
        applier.onBatch(batch(written(rules("newer"))));

        // Then
        Awaitility.await().until(() -> inForce.size() == 1);
        assertThat(inForce.getFirst().rejected()).isEmpty();
        assertThat(live.current().rules().get("full")).isEqualTo(rules("newer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rules", "rules/full/more", "workload/full", "mesh/other", "service//a"})
    void appliesNothingBehindAKeyThatCannotBeRead(String key) {
        // Given
        applier.onBatch(batch(service(HTTPBIN, "1")));
        applier.onCaughtUp(positions());

        // When
        applier.onBatch(batch(record(CONFIG, key, new byte[] {'{'}), service(HTTPBIN, "2")));

        // Then
        assertThat(applier.trouble())
                .hasValueSatisfying(reason -> assertThat(reason).contains("nothing after offset"));
        Awaitility.await()
                .untilAsserted(() -> assertThat(inForce.getLast().rejected()).containsKey(ConfigKey.MESH));
        assertThat(live.current().services().values())
                .extracting(each -> each.uid())
                .containsExactly("1");
    }

    @Test
    void isInTroubleUntilTheTopicWasReadToItsEndAgain() {
        // Given
        applier.onBatch(batch(service(HTTPBIN, "1"), record(CONFIG, "rules", new byte[] {'{'})));
        applier.onCaughtUp(positions());

        // When
        applier.startOver();

        // Then
        assertThat(applier.trouble()).isPresent();
        applier.onBatch(batch(service(HTTPBIN, "2")));
        assertThat(applier.trouble()).isPresent();
        applier.onCaughtUp(positions());
        assertThat(applier.trouble()).isEmpty();
        assertThat(live.current().services().get(HTTPBIN).uid()).isEqualTo("2");
    }

    @Test
    void saysThatItIsNotFollowedAnyMoreWhateverEndedIt() {
        // Given
        applier.onBatch(batch(service(HTTPBIN, "1")));
        applier.onCaughtUp(positions());

        // When
        applier.onStopped(new IllegalStateException("no view for you"));

        // Then
        assertThat(applier.trouble())
                .hasValueSatisfying(reason -> assertThat(reason).contains("no view for you"));
        Awaitility.await()
                .untilAsserted(() -> assertThat(inForce.getLast().rejected()).containsKey(ConfigKey.MESH));
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN);
        // When
        applier.startOver();
        applier.onBatch(batch(service(HTTPBIN, "2")));
        applier.onCaughtUp(positions());
        // Then
        assertThat(applier.trouble()).isEmpty();
        Awaitility.await()
                .untilAsserted(() -> assertThat(inForce.getLast().rejected()).isEmpty());
    }

    @Test
    void saysWhatTheBusRefuses() {
        // Given
        applier.onBatch(batch(service(HTTPBIN, "1")));
        applier.onCaughtUp(positions());

        // When
        applier.onTrouble(Optional.of("no right"));

        // Then
        assertThat(applier.trouble()).hasValue("config cannot be read: no right");
        applier.onTrouble(Optional.empty());
        assertThat(applier.trouble()).isEmpty();
    }

    @Test
    void forgetsWhatIsWithdrawn() {
        // Given
        applier.onBatch(batch(service(HTTPBIN, "1")));
        applier.onCaughtUp(positions());

        // When
        applier.onBatch(batch(record(CONFIG, HTTPBIN.toString(), null)));

        // Then
        assertThat(live.current().services()).isEmpty();
    }

    @Test
    void leavesKindsAloneThatItDoesNotKnow() {
        // When
        applier.onBatch(batch(record(CONFIG, "gateway/a/b", new byte[] {1})));
        applier.onCaughtUp(positions());

        // Then
        Awaitility.await().until(() -> inForce.size() == 1);
        assertThat(inForce.getFirst().rejected()).isEmpty();
    }

    @Test
    void replacesTheWholeViewInOneStepWhenTheTopicIsAnother() {
        // Given
        applier.onBatch(batch(service(HTTPBIN, "1")));
        applier.onCaughtUp(positions());
        var before = live.current();

        // When
        applier.onReset(new TopicReset(
                CONFIG, TopicReset.Reason.REPLACED, new TopicPosition("t", 5), new TopicPosition("u", 0)));
        applier.onBatch(batch(service(OTHER, "1")));
        var between = live.current();
        applier.onCaughtUp(positions());

        // Then
        assertThat(between).isSameAs(before);
        assertThat(live.current().services()).containsOnlyKeys(OTHER);
    }

    @Test
    void keepsTheViewWhenTheTopicWasLostUntilItIsWrittenAnew() {
        // Given
        applier.onBatch(batch(service(HTTPBIN, "1")));
        applier.onCaughtUp(positions());
        var before = live.current();

        // When
        applier.onReset(new TopicReset(
                CONFIG, TopicReset.Reason.REPLACED, new TopicPosition("t", 5), new TopicPosition("u", 0)));
        applier.onCaughtUp(positions());
        var lost = live.current();
        applier.onBatch(batch(service(OTHER, "1")));

        // Then
        assertThat(lost).isSameAs(before);
        assertThat(live.current().services()).containsOnlyKeys(OTHER);
    }

    @Test
    void goesOnFromAYoungCopyAndPublishesNoMoreBeforeItHasCaughtUp() {
        // Given
        var copy = copy(NOW.minus(Duration.ofDays(3)), service(HTTPBIN, "1"));

        // When
        var positions = applier.resume(copy);
        applier.onBatch(batch(service(OTHER, "2")));

        // Then
        assertThat(positions).isEqualTo(copy.positions(ConfigApplier.TOPICS)).isNotEmpty();
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN);
        applier.onCaughtUp(positions());
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN, OTHER);
    }

    @Test
    void servesAnOldCopyUntilWhatIsReadFromTheStartReplacesItInOneStep() {
        // Given
        var copy = copy(NOW.minus(Duration.ofDays(4)), service(HTTPBIN, "1"));

        // When
        var positions = applier.resume(copy);
        applier.onBatch(batch(service(OTHER, "2")));

        // Then
        assertThat(positions).isEmpty();
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN);
        assertThat(applier.copy().orElseThrow().savedAt()).isEqualTo(copy.savedAt());
        applier.onCaughtUp(positions());
        assertThat(live.current().services()).containsOnlyKeys(OTHER);
    }

    @Test
    void copiesWhatIsInForceAndWhatCannotBeRead() {
        // Given
        var good = service(HTTPBIN, "1");
        var bad = record(CONFIG, HTTPBIN.toString(), new byte[] {'{'});
        var unknown = record(CONFIG, "gateway/full/edge", new byte[] {1});

        // When
        applier.onBatch(batch(service(OTHER, "2"), good, bad, unknown, record(CONFIG, OTHER.toString(), null)));
        applier.onCaughtUp(positions());
        var copy = applier.copy().orElseThrow();

        // Then
        assertThat(copy.records()).containsExactlyInAnyOrder(good, bad, unknown);
        assertThat(copy.positions()).isEqualTo(positions());
        assertThat(copy.savedAt()).isEqualTo(NOW);
    }

    @Test
    void rejectsAgainWhatACopyHasRejected() {
        // When
        applier.resume(copy(NOW, service(HTTPBIN, "1"), record(CONFIG, HTTPBIN.toString(), new byte[] {'{'})));

        // Then
        assertThat(live.current().services()).containsOnlyKeys(HTTPBIN);
        Awaitility.await().until(() -> inForce.size() == 1);
        assertThat(inForce.getFirst().rejected()).containsOnlyKeys(HTTPBIN);
    }

    private ConfigCopy copy(Instant savedAt, FollowedRecord... records) {
        var positions = Stream.of(CONFIG, TRUST, REVOCATIONS)
                .collect(Collectors.toMap(topic -> topic, topic -> new TopicPosition(topic, 7)));
        return new ConfigCopy(DOMAIN, savedAt, positions, List.of(records));
    }

    private FollowedBatch batch(FollowedRecord... records) {
        return new FollowedBatch(List.of(records), positions());
    }

    private Map<String, TopicPosition> positions() {
        return Map.of(CONFIG, new TopicPosition("topic", offset));
    }

    private FollowedRecord service(ConfigKey key, String uid) {
        var service =
                new ServiceConfig(key.namespace(), key.name(), uid, List.of(key.name()), List.of(), new TreeMap<>());
        return written(service);
    }

    private FollowedRecord written(ConfigRecord entry) {
        return record(CONFIG, entry.key().toString(), ConfigCodec.encode(entry));
    }

    private static NamespaceRules rules(String name) {
        var rule = new DestinationRuleSpec("*.local", List.of(), new TreeMap<>(), Optional.empty(), new TreeMap<>());
        return new NamespaceRules("full", List.of(new NamedRule(name, rule)));
    }

    private FollowedRecord record(String topic, String key, byte[] value) {
        return new FollowedRecord(topic, key, value, offset++);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
