package io.countersign.dataplane.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.events.RevocationCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.testing.TestAuthority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrustApplierTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final String TRUST = TopicCatalogue.TRUST.name();
    private static final String REVOCATIONS = TopicCatalogue.REVOCATIONS.name();
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final SpiffeId SLEEP = SpiffeId.ofServiceAccount(DOMAIN, "full", "sleep");

    private final List<TrustBundle> bundles = new ArrayList<>();
    private final List<Revocations> revocations = new ArrayList<>();
    private Optional<RuntimeException> failure = Optional.empty();
    private final TrustListener told = new TrustListener() {
        @Override
        public void onBundle(TrustBundle bundle) {
            fail();
            bundles.add(bundle);
        }

        @Override
        public void onRevocations(Revocations all) {
            fail();
            revocations.add(all);
        }
    };
    private final TrustApplier applier = new TrustApplier(DOMAIN, told, () -> NOW);
    private long offset;

    @Test
    void takesNoTrustBundleThatIsOlder() {
        // Given
        var authority = TestAuthority.seeded(1);

        // When
        applier.onBatch(batch(trust(authority.bundle(DOMAIN, 2))));
        applier.onBatch(batch(trust(authority.bundle(DOMAIN, 1))));
        applier.onBatch(batch(record(TRUST, DOMAIN.name(), new byte[] {'{'})));
        applier.onBatch(batch(record(TRUST, DOMAIN.name(), null)));
        applier.onBatch(batch(record(TRUST, "elsewhere.org", new byte[] {'{'})));

        // Then
        assertThat(bundles).extracting(TrustBundle::sequence).containsExactly(2L);
    }

    /// A topic that is not compacted yet holds many, each of which would cost new contexts.
    @Test
    void putsOfManyTrustBundlesAtOnceTheNewestInForce() {
        // Given
        var authority = TestAuthority.seeded(1);

        // When
        applier.onBatch(batch(
                trust(authority.bundle(DOMAIN, 1)),
                trust(authority.bundle(DOMAIN, 2)),
                trust(authority.bundle(DOMAIN, 3))));

        // Then
        assertThat(bundles).extracting(TrustBundle::sequence).containsExactly(3L);
    }

    @Test
    void liftsARevocationByARecordThatSaysSoAndByNothingElse() {
        // Given
        var key = RevocationKey.serial("a1");
        var revoked = new Revocation(key, false, NOW, NOW.plusSeconds(60), "KEY_COMPROMISE");
        var lifted = new Revocation(key, true, NOW, NOW.plusSeconds(60), "KEY_COMPROMISE");

        // When
        applier.onBatch(batch(record(REVOCATIONS, key.toString(), RevocationCodec.encode(revoked))));
        applier.onBatch(batch(record(REVOCATIONS, key.toString(), null)));
        applier.onReset(new TopicReset(
                REVOCATIONS, TopicReset.Reason.REPLACED, new TopicPosition("t", 5), new TopicPosition("u", 0)));
        applier.onBatch(batch(record(REVOCATIONS, "node/other", new byte[] {1})));
        applier.onBatch(batch(record(REVOCATIONS, key.toString(), RevocationCodec.encode(lifted))));
        applier.onBatch(batch(record(REVOCATIONS, key.toString(), new byte[] {'{'})));

        // Then
        assertThat(revocations).extracting(all -> all.revokes("a1", SLEEP, NOW)).containsExactly(true, false, true);
    }

    @Test
    void goesOnBehindAKeyThatCannotBeRead() {
        // When
        applier.onUnreadableKey(REVOCATIONS, offset++);
        applier.onBatch(batch(record(REVOCATIONS, "serial", new byte[] {1}), revocation("a1")));

        // Then
        assertThat(revocations).hasSize(1);
        assertThat(applier.trouble()).isEmpty();
    }

    @Test
    void tellsAgainWhatWasNotTaken() {
        // Given
        failure = Optional.of(new IllegalStateException("no loop is there"));
        var records = batch(trust(TestAuthority.seeded(1).bundle(DOMAIN, 1)), revocation("a1"));
        assertThatThrownBy(() -> applier.onBatch(records)).hasMessage("no loop is there");
        applier.onStopped(failure.orElseThrow());
        assertThat(applier.trouble()).isPresent();

        // When
        failure = Optional.empty();
        applier.onBatch(records);
        applier.onCaughtUp(positions());

        // Then
        assertThat(bundles).hasSize(1);
        assertThat(revocations).hasSize(1);
        assertThat(applier.trouble()).isEmpty();
    }

    /// Config may be doubtful, and its copy old.
    @Test
    void addsToACopyWhatIsTrustedAndRevokedNow() {
        // Given
        var config = new FollowedRecord(TopicCatalogue.CONFIG.name(), "service/full/httpbin", new byte[] {1}, 0);
        var place = Map.of(TopicCatalogue.CONFIG.name(), new TopicPosition("config", 1));
        var copy = new ConfigCopy(DOMAIN, NOW, place, List.of(config));
        assertThat(applier.completed(copy)).isEmpty();
        var bundle = trust(TestAuthority.seeded(1).bundle(DOMAIN, 1));
        applier.onBatch(batch(bundle));
        applier.onCaughtUp(positions());
        var revoked = revocation("a1");

        // When
        applier.onBatch(batch(revoked));
        var completed = applier.completed(copy).orElseThrow();

        // Then
        assertThat(completed.records()).containsExactlyInAnyOrder(config, bundle, revoked);
        assertThat(completed.positions().keySet())
                .containsExactlyInAnyOrder(TopicCatalogue.CONFIG.name(), TRUST, REVOCATIONS);
        assertThat(completed.positions()).containsAllEntriesOf(positions());

        // When
        var resumed = new ArrayList<Revocations>();
        var next = new TrustApplier(
                DOMAIN,
                new TrustListener() {
                    @Override
                    public void onBundle(TrustBundle all) {}

                    @Override
                    public void onRevocations(Revocations all) {
                        resumed.add(all);
                    }
                },
                () -> NOW);
        var goesOn = next.resume(completed);

        // Then
        assertThat(resumed).extracting(all -> all.revokes("a1", SLEEP, NOW)).containsExactly(true);
        assertThat(goesOn).isEqualTo(positions());
    }

    private void fail() {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private FollowedBatch batch(FollowedRecord... records) {
        return new FollowedBatch(List.of(records), positions());
    }

    private Map<String, TopicPosition> positions() {
        return Map.of(TRUST, new TopicPosition("trust", offset), REVOCATIONS, new TopicPosition("revocations", offset));
    }

    private FollowedRecord trust(TrustBundle bundle) {
        return record(TRUST, DOMAIN.name(), TrustBundleCodec.encode(bundle));
    }

    private FollowedRecord revocation(String serial) {
        var key = RevocationKey.serial(serial);
        var revoked = new Revocation(key, false, NOW, NOW.plusSeconds(60), "KEY_COMPROMISE");
        return record(REVOCATIONS, key.toString(), RevocationCodec.encode(revoked));
    }

    private FollowedRecord record(String topic, String key, byte[] value) {
        return new FollowedRecord(topic, key, value, offset++);
    }
}
