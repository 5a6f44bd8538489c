package io.countersign.ca;

import static io.countersign.ca.CaCaller.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.ca.server.ServerSvid;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.identity.CaAnswer;
import io.countersign.identity.CaClient;
import io.countersign.identity.CertificateSigningRequest;
import io.countersign.identity.IdentitySettings;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.JoinToken;
import io.countersign.identity.SvidKeys;
import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerification;
import io.countersign.identity.SvidVerifier;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.testing.TestAuthority;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@QuarkusTestResource(CaServiceResources.class)
class CaServiceIT {
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final SpiffeId SLEEP = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/sleep");
    private static final String BUNDLES = "select id from outbox where topic = 'countersign.trust'";
    private static final String BEARER = "Bearer " + CaServiceResources.ADMIN_TOKEN;

    @TestHTTPResource(value = "/", tls = true)
    URI uri;

    @Inject
    DataSource database;

    @Inject
    ServerSvid serverSvid;

    @Inject
    AdjustableClock clock;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @AfterEach
    void setTheClockRight() {
        clock.putForward(Duration.ZERO);
    }

    @Test
    void issuesAgainstAJoinTokenAnSvidThatVerifiesUnderTheBundle() throws Exception {
        // Given
        var token = token(HTTPBIN);
        var keys = SvidKeys.generate();

        // When
        var issued = issued(client(HTTPBIN).join(token, keys));

        // Then
        var verdict = new SvidVerifier(issued.bundle())
                .verify(issued.svid().chain(), SvidUsage.SERVER, Instant.now(), HTTPBIN::equals);
        assertThat(verdict).isInstanceOf(SvidVerification.Valid.class);
        assertThat(issued.svid().leaf().getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(query("select node_id from issued_svid where serial = '"
                        + issued.svid().serialHex() + "'"))
                .containsExactly("httpbin.full");
    }

    @Test
    void grantsASpentTokenToTheSameKeyOnly() throws Exception {
        // Given
        var token = token(HTTPBIN);
        var keys = SvidKeys.generate();
        var first = issued(client(HTTPBIN).join(token, keys));

        // When
        var again = issued(client(HTTPBIN).join(token, keys));
        var other = client(HTTPBIN).join(token, SvidKeys.generate());

        // Then
        assertThat(again.svid().serial()).isNotEqualTo(first.svid().serial());
        assertThat(refused(other).code()).isEqualTo("join-token-spent");
        assertThat(refused(other).status()).isEqualTo(403);
    }

    @Test
    void renewsOverMutualTls() throws Exception {
        // Given
        var first = issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()));

        // When
        var second = issued(client(HTTPBIN).renew(first, SvidKeys.generate()));
        var third = issued(client(HTTPBIN).renew(second, SvidKeys.generate()));

        // Then
        assertThat(third.svid().spiffeId()).isEqualTo(HTTPBIN);
        assertThat(query("select distinct node_id from issued_svid where serial in ('"
                        + second.svid().serialHex() + "', '" + third.svid().serialHex() + "')"))
                .containsExactly("httpbin.full");
    }

    @Test
    void refusesWhoeverHasNoCredential() throws Exception {
        // Given
        var body = json().put("csr", csr(SvidKeys.generate(), HTTPBIN)).toString();

        // When
        var answer = CaCaller.anonymous(uri).post("/v1/svids", body);

        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.mediaType()).startsWith("application/problem+json");
        assertThat(answer.body().path("type").asText()).isEqualTo("unauthenticated");
    }

    @Test
    void stillRefusesWhoeverHasNoCertificateAfterItsOwnWasRenewed() throws Exception {
        // Given
        var first = issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()));
        var body = json().put("csr", csr(SvidKeys.generate(), HTTPBIN)).toString();

        // When
        var served = serverSvid.renew();

        // Then
        assertThat(CaCaller.anonymous(uri).post("/v1/svids", body).status()).isEqualTo(401);
        assertThat(CaCaller.anonymous(uri)
                        .showing(first.svid())
                        .post("/v1/svids", body)
                        .status())
                .isEqualTo(201);
        assertThat(served.spiffeId()).hasToString("spiffe://cluster.local/ns/istio-system/sa/ca-service");
    }

    @Test
    void endsTheHandshakeOnACertificateOfAnotherAuthority() {
        // Given
        var foreign = TestAuthority.seeded(7).issue(HTTPBIN);
        var shown = X509Svid.of(foreign.chain(), foreign.key());
        var body = json().put("csr", csr(SvidKeys.generate(), HTTPBIN)).toString();

        // When, Then
        assertThatThrownBy(() -> CaCaller.anonymous(uri).showing(shown).post("/v1/svids", body))
                .isInstanceOf(IOException.class);
    }

    @Test
    void refusesAnotherIdentityThanTheCredentialAllows() throws Exception {
        // Given
        var token = token(HTTPBIN);
        var first = issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()));

        // When
        var joining = client(SLEEP).join(token, SvidKeys.generate());
        var renewing = client(SLEEP).renew(first, SvidKeys.generate());

        // Then
        assertThat(refused(joining).code()).isEqualTo("identity-mismatch");
        assertThat(refused(renewing).code()).isEqualTo("identity-mismatch");
    }

    @Test
    void namesEverythingThatIsWrongWithARequest() throws Exception {
        // Given
        var caller = CaCaller.anonymous(uri);

        // When
        var garbage = caller.post("/v1/svids", "{\"csr\": \"not a request\"}");
        var several = caller.post("/v1/svids", "{\"joinToken\": 7, \"wish\": true}");
        var noJson = caller.post("/v1/svids", "csr=");

        // Then
        assertThat(garbage.body().path("type").asText()).isEqualTo("invalid-csr");
        assertThat(several.status()).isEqualTo(400);
        assertThat(several.body().path("problems").valueStream().map(node -> node.asText()))
                .containsExactlyInAnyOrder("wish: unknown field", "csr: missing", "joinToken: not a string");
        assertThat(noJson.body().path("type").asText()).isEqualTo("invalid-request");
    }

    @Test
    void refusesATokenThatItNeverMade() throws Exception {
        // Given
        var real = token(HTTPBIN);
        var made = new JoinToken(UUID.randomUUID().toString(), real.rootsHash());

        // When
        var answer = client(HTTPBIN).join(made, SvidKeys.generate());

        // Then
        assertThat(refused(answer).code()).isEqualTo("join-token-refused");
    }

    @Test
    void isNotBelievedByANodeWhoseTokenNamesOtherRoots() throws Exception {
        // Given
        var real = token(HTTPBIN);
        var other = JoinToken.parse(real.secret() + "." + "0".repeat(64));

        // When
        var answer = client(HTTPBIN).join(other, SvidKeys.generate());

        // Then
        assertThat(answer).isInstanceOf(CaAnswer.Unreachable.class);
        assertThat(answer.toString()).contains("not those of the join token");
    }

    @Test
    void makesJoinTokensForTheAdministratorOnly() throws Exception {
        // Given
        var caller = CaCaller.anonymous(uri);
        var body = json().put("spiffeId", HTTPBIN.toString())
                .put("nodeId", "httpbin.full")
                .toString();

        // When
        var without = caller.post("/v1/join-tokens", body);
        var wrong = caller.post("/v1/join-tokens", body, "Authorization", BEARER + "x");
        var foreign = caller.post(
                "/v1/join-tokens",
                "{\"spiffeId\":\"spiffe://elsewhere/ns/a/sa/b\",\"nodeId\":\"A b\",\"timeToLive\":\"P9D\"}",
                "Authorization",
                BEARER);

        // Then
        assertThat(without.status()).isEqualTo(401);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(foreign.status()).isEqualTo(400);
        assertThat(foreign.body().path("problems")).hasSize(3);
    }

    @Test
    void putsDnsNamesIntoACertificateOnlyWhereItsTokenSaysSo() throws Exception {
        // Given
        var policyService = SpiffeId.parse("spiffe://cluster.local/ns/istio-system/sa/policy-service");
        var body = json().put("spiffeId", policyService.toString()).put("nodeId", "policy-service");
        body.putArray("dnsNames").add("policy-service.istio-system.svc");

        // When
        var issued = issued(client(policyService).join(token(body.toString()), SvidKeys.generate()));
        var renewed = issued(client(policyService).renew(issued, SvidKeys.generate()));

        // Then
        assertThat(renewed.svid().leaf().getSubjectAlternativeNames())
                .anySatisfy(name -> assertThat(name.get(1)).isEqualTo("policy-service.istio-system.svc"))
                .hasSize(2);
    }

    @Test
    void renewsAnExpiredSvidWithItsOwnKeyOnlyAndWithinTheGraceOnly() throws Exception {
        // Given
        var keys = SvidKeys.generate();
        var first = issued(client(HTTPBIN).join(token(HTTPBIN), keys));
        var caller = CaCaller.anonymous(uri).showing(first.svid());
        var own = json().put("csr", csr(keys, HTTPBIN)).toString();
        var other = json().put("csr", csr(SvidKeys.generate(), HTTPBIN)).toString();

        // When
        clock.putForward(Duration.ofHours(25));
        var withOtherKey = caller.post("/v1/svids", other);
        var withOwnKey = caller.post("/v1/svids", own);
        clock.putForward(Duration.ofDays(9));

        // Then
        assertThat(withOtherKey.body().path("type").asText()).isEqualTo("svid-refused");
        assertThat(withOwnKey.status()).isEqualTo(201);
        assertThatThrownBy(() -> caller.post("/v1/svids", own)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesATokenThatHasExpired() throws Exception {
        // Given
        var keys = SvidKeys.generate();
        var token = token(HTTPBIN);
        var spent = issued(client(HTTPBIN).join(token, keys));

        // When
        clock.putForward(Duration.ofMinutes(11));
        var answer = client(HTTPBIN).join(token, keys);

        // Then
        assertThat(spent.svid().spiffeId()).isEqualTo(HTTPBIN);
        assertThat(refused(answer).code()).isEqualTo("join-token-refused");
    }

    @Test
    void refusesASvidThatWasRevokedOrIsNotRecorded() throws Exception {
        // Given
        var revoked = issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()));
        var forgotten = issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()));

        // When
        execute("update issued_svid set revoked_at = now() where serial = '"
                + revoked.svid().serialHex() + "'");
        execute("delete from issued_svid where serial = '" + forgotten.svid().serialHex() + "'");

        // Then
        assertThat(refused(client(HTTPBIN).renew(revoked, SvidKeys.generate())).detail())
                .isEqualTo("presented svid: revoked");
        assertThat(refused(client(HTTPBIN).renew(forgotten, SvidKeys.generate()))
                        .detail())
                .isEqualTo("presented svid: not issued here");
    }

    @Test
    void grantsOneOfManyKeysThatComeAtOnceWithTheSameToken() throws Exception {
        // Given
        var token = token(HTTPBIN);
        var attempts = new ArrayList<Callable<CaAnswer>>();
        for (var i = 0; i < 8; i++) {
            attempts.add(() -> client(HTTPBIN).join(token, SvidKeys.generate()));
        }

        // When
        List<Future<CaAnswer>> answers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = threads.invokeAll(attempts);
        }

        // Then
        assertThat(answers)
                .extracting(Future::resultNow)
                .filteredOn(CaAnswer.Issued.class::isInstance)
                .hasSize(1);
    }

    @Test
    void isReadyWhileTheBusIsAwayAndPublishesItsBundleWhenItIsThereAndWhenItIsLost(@TempDir Path folder)
            throws Exception {
        // Given
        var bundle = issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()))
                .bundle();
        var waiting = query(BUNDLES);
        var ready = get(management.resolve("/q/health/ready"));
        var settings = new BrokerSettings(
                folder,
                CaServiceResources.BROKER_ADDRESS,
                CaServiceResources.BROKER_PORT,
                0,
                new BrokerSettings.Open());

        // When
        try (var broker = EmbeddedBroker.start(settings);
                var admin = Admin.create(broker.administratorProperties())) {
            // Then
            assertThat(ready).contains("\"status\": \"UP\"");
            assertThat(waiting).hasSize(1);
            await().untilAsserted(() -> assertThat(bundles(broker)).containsExactly(bundle));
            await().untilAsserted(() -> assertThat(query(BUNDLES)).isEmpty());

            // When, Then: once ca-service has seen the topic it sees that it is another one
            await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> {
                recreateTrust(admin);
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(bundles(broker)).containsExactly(bundle));
            });

            // When, Then
            publishesARestoredDatabaseOnlyWhenItIsDecidedFor(broker, bundle);
        }
    }

    /// As one that was restored from before its last bundle was published.
    private void publishesARestoredDatabaseOnlyWhenItIsDecidedFor(EmbeddedBroker broker, TrustBundle before)
            throws Exception {
        await().untilAsserted(() -> assertThat(query(BUNDLES)).isEmpty());
        execute("delete from outbox_published");
        await().untilAsserted(() ->
                assertThat(get(management.resolve("/q/health/well"))).contains("\"DOWN\"", "csign mesh adopt"));
        assertThat(get(management.resolve("/q/health/ready"))).contains("\"status\": \"UP\"");

        var caller = CaCaller.anonymous(uri);
        var denied = caller.post("/v1/history/adoption", "{}");
        var adopted = caller.post("/v1/history/adoption", "{}", "Authorization", BEARER);

        assertThat(denied.status()).isEqualTo(401);
        assertThat(adopted.status()).as(adopted.toString()).isEqualTo(200);
        assertThat(adopted.body().path("doubt").asText()).contains(TopicCatalogue.TRUST.name());
        assertThat(adopted.body().path("differences")).isEmpty();
        await().untilAsserted(() -> assertThat(bundles(broker)).hasSize(2));
        var after = bundles(broker).getLast();
        assertThat(after.sequence()).isGreaterThan(before.sequence());
        assertThat(after.authorities()).isEqualTo(before.authorities());
        assertThat(issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()))
                        .bundle())
                .isEqualTo(after);
    }

    /// What the topic of trust holds from its start.
    private static List<TrustBundle> bundles(EmbeddedBroker broker) {
        try (var reader = new KafkaConsumer<>(
                broker.administratorProperties(), new StringDeserializer(), new ByteArrayDeserializer())) {
            var trust = new TopicPartition(TopicCatalogue.TRUST.name(), Topic.PARTITION);
            reader.assign(List.of(trust));
            reader.seekToBeginning(List.of(trust));
            var bundles = new ArrayList<TrustBundle>();
            reader.poll(Duration.ofSeconds(1)).forEach(published -> {
                assertThat(published.key()).isEqualTo("cluster.local");
                bundles.add(TrustBundleCodec.decode(published.value()));
            });
            return bundles;
        }
    }

    private static void recreateTrust(Admin admin) throws ExecutionException, InterruptedException {
        var topic = TopicCatalogue.TRUST.name();
        admin.deleteTopics(List.of(topic)).all().get();
        // The old one may be there for a moment yet.
        await().ignoreExceptions().until(() -> {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            return true;
        });
    }

    @Test
    void forgetsAnSvidThatHasEndedOnceItCannotBeRenewedAnyMore() throws Exception {
        // Given
        var renewable = issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()));
        var ended = issued(client(HTTPBIN).join(token(HTTPBIN), SvidKeys.generate()));
        execute("update issued_svid set not_after = now() - interval '7 days' where serial = '"
                + renewable.svid().serialHex() + "'");
        execute("update issued_svid set not_after = now() - interval '8 days' where serial = '"
                + ended.svid().serialHex() + "'");

        // When
        clock.putForward(Duration.ofMinutes(2));
        var own = json().put("csr", csr(SvidKeys.generate(), HTTPBIN)).toString();
        var renewed = CaCaller.anonymous(uri).showing(renewable.svid()).post("/v1/svids", own);

        // Then
        assertThat(renewed.status()).isEqualTo(201);
        assertThat(query("select serial from issued_svid where serial in ('"
                        + renewable.svid().serialHex() + "', '" + ended.svid().serialHex() + "')"))
                .containsExactly(renewable.svid().serialHex());
    }

    @Test
    void storesNoPrivateKeyInClear() throws Exception {
        // Given
        var stored = query("select encode(encrypted_key, 'hex') from authority");

        // When
        var key = stored.getFirst();

        // Then: neither the octets of P-256's name nor of an elliptic curve key, which stand in every PKCS#8 key
        assertThat(stored).hasSize(1);
        assertThat(key).startsWith("01").doesNotContain("2a8648ce3d030107").doesNotContain("2a8648ce3d0201");
    }

    private CaClient client(SpiffeId spiffeId) {
        var settings = new IdentitySettings(
                uri,
                IdentitySettings.caOf(spiffeId),
                spiffeId,
                new NodeId(nodeOf(spiffeId)),
                Path.of("unused"),
                Optional.empty());
        return new CaClient(settings, InstantSource.system());
    }

    private JoinToken token(SpiffeId spiffeId) throws IOException, InterruptedException {
        return token(json().put("spiffeId", spiffeId.toString())
                .put("nodeId", nodeOf(spiffeId))
                .toString());
    }

    private static String nodeOf(SpiffeId spiffeId) {
        return spiffeId.path().endsWith("/policy-service") ? "policy-service" : "httpbin.full";
    }

    private JoinToken token(String body) throws IOException, InterruptedException {
        var answer = CaCaller.anonymous(uri).post("/v1/join-tokens", body, "Authorization", BEARER);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return JoinToken.parse(answer.body().path("token").asText());
    }

    private static String csr(KeyPair keys, SpiffeId spiffeId) {
        return CertificateSigningRequest.pem(keys, spiffeId);
    }

    private static IssuedSvid issued(CaAnswer answer) {
        assertThat(answer).isInstanceOf(CaAnswer.Issued.class);
        return ((CaAnswer.Issued) answer).issued();
    }

    private static CaAnswer.Refused refused(CaAnswer answer) {
        assertThat(answer).isInstanceOf(CaAnswer.Refused.class);
        return (CaAnswer.Refused) answer;
    }

    private static String get(URI resource) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(resource).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private List<String> query(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
