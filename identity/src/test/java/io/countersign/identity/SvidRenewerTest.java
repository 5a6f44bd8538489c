package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.testing.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvidRenewerTest {
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final TestAuthority AUTHORITY = TestAuthority.seeded(1);
    private static final Duration LIFE = Duration.ofHours(1);
    private static final CaAnswer AWAY = new CaAnswer.Unreachable("away");
    private static final CaAnswer NO = new CaAnswer.Refused(403, "join-token-refused", "join token: unknown");

    @TempDir
    private Path folder;

    private final ScriptedSource source = new ScriptedSource();
    private final PassingTime time = new PassingTime(source);
    private final List<X509Svid> seen = new CopyOnWriteArrayList<>();
    private SvidRenewer renewer;

    @BeforeEach
    void prepare() throws IOException {
        Files.writeString(folder.resolve("token"), "c2VjcmV0LXNlY3JldC1zZWNyZXQ." + "0".repeat(64));
        renewer = renewer((svid, _) -> seen.add(svid));
    }

    @AfterEach
    void close() {
        renewer.close();
    }

    @Test
    void asksAgainWithTheSameKeyUntilItHasAFirstSvid() {
        // Given
        source.then(AWAY).then(NO).then(this::issued);

        // When
        renewer.start();

        // Then
        await().untilAsserted(() -> assertThat(seen).hasSize(1));
        assertThat(source.asked()).extracting(ScriptedSource.Asked::how).containsExactly("join", "join", "join");
        assertThat(source.asked())
                .extracting(ScriptedSource.Asked::keys)
                .containsOnly(source.asked().getFirst().keys());
        assertThat(certificates().read()).map(IssuedSvid::svid).contains(seen.getFirst());
    }

    @Test
    void renewsWithAFreshKeyEachTime() {
        // Given
        source.then(this::issued).then(this::issued).then(this::issued);

        // When
        renewer.start();

        // Then
        await().untilAsserted(() -> assertThat(seen).hasSize(3));
        assertThat(source.asked())
                .extracting(ScriptedSource.Asked::how)
                .containsExactly(
                        "join",
                        "renew " + seen.get(0).serialHex(),
                        "renew " + seen.get(1).serialHex());
        assertThat(source.asked()).extracting(ScriptedSource.Asked::keys).doesNotHaveDuplicates();
    }

    @Test
    void keepsTheSvidInUseWhileRenewalFails() {
        // Given
        var inUse = new CopyOnWriteArrayList<X509Svid>();
        source.then(this::issued);
        for (var failure : List.of(AWAY, NO, AWAY)) {
            source.then(_ -> {
                renewer.current().map(IssuedSvid::svid).ifPresent(inUse::add);
                return failure;
            });
        }
        source.then(this::issued);

        // When
        renewer.start();

        // Then
        await().untilAsserted(() -> assertThat(seen).hasSize(2));
        assertThat(inUse).hasSize(3).containsOnly(seen.getFirst());
    }

    @Test
    void resumesFromItsFilesAndRenewsSoon() {
        // Given
        var left = ((CaAnswer.Issued) issued(SvidKeys.generate())).issued();
        certificates().write(left);
        source.then(this::issued);

        // When
        renewer.start();

        // Then
        await().untilAsserted(() -> assertThat(seen).hasSize(2));
        assertThat(seen.getFirst()).isEqualTo(left.svid());
        assertThat(source.asked())
                .extracting(ScriptedSource.Asked::how)
                .containsExactly("renew " + left.svid().serialHex());
    }

    @Test
    void renewsWhatHasEndedWithItsOwnKeyAndThenTriesAToken() {
        // Given
        source.then(this::issued)
                .then(_ -> {
                    time.pass(LIFE);
                    return AWAY;
                })
                .then(NO)
                .then(this::issued);

        // When
        renewer.start();

        // Then
        await().untilAsserted(() -> assertThat(seen).hasSize(2));
        var renewal = "renew " + seen.getFirst().serialHex();
        var asked = source.asked();
        assertThat(asked).extracting(ScriptedSource.Asked::how).containsExactly("join", renewal, renewal, "join");
        var own = seen.getFirst().leaf().getPublicKey();
        assertThat(asked)
                .extracting(each -> each.keys().getPublic().equals(own))
                .containsExactly(true, false, true, false);
    }

    /// The authority's database was restored from before the SVID was issued.
    @Test
    void showsItsTokenAtOnceWhereItsSvidIsNotAccepted() {
        // Given
        source.then(this::issued)
                .then(new CaAnswer.Refused(403, "svid-refused", "presented svid: not issued here"))
                .then(this::issued);

        // When
        renewer.start();

        // Then
        await().untilAsserted(() -> assertThat(seen).hasSize(2));
        var asked = source.asked();
        assertThat(asked)
                .extracting(ScriptedSource.Asked::how)
                .containsExactly("join", "renew " + seen.getFirst().serialHex(), "join");
        assertThat(asked.getLast().keys().getPublic())
                .isEqualTo(asked.getFirst().keys().getPublic());
        assertThat(time.instant()).isBefore(seen.getFirst().notAfter());
    }

    @Test
    void goesOnWhenItsListenerBreaks() {
        // Given
        renewer.close();
        renewer = renewer((svid, _) -> {
            seen.add(svid);
            throw new IllegalStateException("a listener that breaks");
        });
        source.then(this::issued).then(this::issued);

        // When
        renewer.start();

        // Then
        await().untilAsserted(() -> assertThat(seen).hasSize(2));
    }

    @Test
    void takesANewerBundleAndNoOlderOne() throws InterruptedException {
        // Given
        source.then(this::issued);
        renewer.start();
        renewer.awaitFirst(Duration.ofSeconds(60));
        var newer = new TrustBundle(
                HTTPBIN.trustDomain(),
                9,
                List.of(AUTHORITY.authority(), TestAuthority.seeded(2).authority()));

        // When
        renewer.trust(newer);
        renewer.trust(AUTHORITY.bundle(HTTPBIN.trustDomain(), 4));

        // Then
        assertThat(renewer.current()).map(IssuedSvid::bundle).contains(newer);
        assertThat(certificates().read().orElseThrow().bundle().authorities()).hasSize(2);
    }

    private SvidFiles certificates() {
        return new SvidFiles(folder.resolve("certs"));
    }

    private SvidRenewer renewer(SvidListener listener) {
        var settings = IdentitySettings.parse(
                URI.create("https://127.0.0.1:1"),
                HTTPBIN.toString(),
                "httpbin.full",
                folder.resolve("token"),
                Optional.of(folder.resolve("certs")));
        return new SvidRenewer(settings, source, listener, RenewalSchedule.STANDARD, time, new Random(1), time);
    }

    private CaAnswer issued(KeyPair keys) {
        var made = AUTHORITY
                .leaf(HTTPBIN)
                .keys(keys)
                .validUntil(time.instant().plus(LIFE))
                .issue();
        var bundle = AUTHORITY.bundle(HTTPBIN.trustDomain(), 5);
        return new CaAnswer.Issued(new IssuedSvid(X509Svid.of(made.chain(), made.key()), bundle));
    }
}
