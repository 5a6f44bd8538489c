package io.countersign.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.telemetry.Metrics;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.SvidFiles;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.identity.SpiffeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the observer sees of a node, and that nobody else does.
class ObserverIT {
    private static final SpiffeId OBSERVER =
            SpiffeId.ofServiceAccount(TestSidecars.TRUST_DOMAIN, "istio-system", "config-distributor");
    private static final int REFUSED_BY_ALERT = 56;

    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());
    private final Observed sleep = new Observed(
            Optional.of(ConfigKey.workload("full", "sleep")),
            TestSidecars.SLEEP,
            sidecars.clientTls,
            Optional.empty(),
            () -> List.of(sidecars.inbound, sidecars.outbound));
    private final AdminServer server =
            new AdminServer(sidecars.loops, List.of(sleep), () -> sidecars.view, new Metrics(), new NoControls());
    private int port;

    @TempDir
    private Path files;

    @BeforeEach
    void start() {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        port = server.health(anyPort, Optional.of(sleep), Optional.of(OBSERVER)).getPort();
        server.serving();
    }

    @AfterEach
    void stop() {
        server.close();
        sidecars.close();
        app.close();
    }

    @Test
    void showsListenersWithTheModeInForce() throws IOException {
        // Given
        sidecars.mode = PortMode.STRICT;

        // When
        var listeners = json("/listeners").get("listeners");

        // Then
        assertThat(listeners.get(0).toString())
                .isEqualTo("{\"direction\":\"INBOUND\",\"address\":\"127.0.0.1:%d\",\"port\":%1$d,\"mode\":\"STRICT\"}"
                        .formatted(sidecars.inboundPort()));
        assertThat(listeners.get(1).get("direction").asText()).isEqualTo("OUTBOUND");
        assertThat(listeners).hasSize(2);
    }

    @Test
    void showsHowTheNodeSpeaksToEveryServicePort() throws IOException {
        // Given
        sidecars.offer(PortMode.STRICT);

        // When
        var clusters = json("/clusters");

        // Then
        assertThat(clusters.toString()).isEqualTo("""
                        {"client":"full/sleep","clusters":[{"host":"httpbin.full.svc.cluster.local","port":8000,\
                        "rule":null,"mode":"AUTO","endpoints":[{"address":"127.0.0.1:%d","workload":"full/httpbin",\
                        "tls":"MUTUAL_TLS","sni":"httpbin.full.svc.cluster.local","expected":["%s"]}]}]}\
                        """.formatted(sidecars.inboundPort(), TestSidecars.HTTPBIN));
    }

    @Test
    void showsCertificateAndTrustAndNoKey() throws IOException {
        // When
        var secrets = json("/secrets");

        // Then
        assertThat(secrets.at("/certificate/spiffeId").asText()).isEqualTo(TestSidecars.SLEEP.toString());
        assertThat(secrets.at("/certificate/serial").asText())
                .isEqualTo(sidecars.clientTls
                        .current()
                        .orElseThrow()
                        .material()
                        .digest()
                        .serial());
        assertThat(secrets.at("/trust/sequence").asLong()).isEqualTo(1);
        assertThat(secrets.at("/trust/authorities/0/subject").asText()).isEqualTo("CN=test authority 1");
        assertThat(secrets.toString().toLowerCase(Locale.ROOT)).doesNotContain("key");
    }

    @Test
    void showsTheWholeConfigAsTheBusHasIt() throws IOException {
        assertThat(json("/config_dump").fieldNames())
                .toIterable()
                .containsExactly("mesh/settings", "service/full/httpbin", "workload/full/httpbin");
    }

    @Test
    void changesNothing() throws IOException {
        assertThat(ask(OBSERVER, "-X", "POST", url("/listeners")).code()).isEqualTo("405");
    }

    @Test
    void answersNobodyElse() throws IOException {
        assertThat(ask(TestSidecars.SLEEP, url("/listeners")))
                .matches(answer -> answer.exit() == REFUSED_BY_ALERT)
                .matches(answer -> answer.output().contains("alert bad certificate"));
    }

    @Test
    void answersNobodyWithoutACertificate() {
        assertThat(Curl.run("-k", url("/listeners")))
                .matches(answer -> answer.exit() == REFUSED_BY_ALERT)
                .matches(answer -> answer.output().contains("alert certificate required"));
    }

    @Test
    void tellsProbesOfHealthAndNothingMore() {
        var plain = "http://127.0.0.1:" + port;
        assertThat(Curl.run(plain + "/healthz/ready").code()).isEqualTo("200");
        assertThat(Curl.run(plain + "/secrets").code()).isEqualTo("404");
    }

    private JsonNode json(String path) throws IOException {
        var answer = ask(OBSERVER, url(path));
        assertThat(answer.code()).isEqualTo("200");
        return new ObjectMapper()
                .readTree(answer.output().substring(0, answer.output().lastIndexOf("code=")));
    }

    private Curl ask(SpiffeId who, String... arguments) {
        var svid = sidecars.authority.issue(who);
        new SvidFiles(files)
                .write(new IssuedSvid(
                        X509Svid.of(svid.chain(), svid.key()),
                        sidecars.authority.bundle(TestSidecars.TRUST_DOMAIN, 1)));
        var all = new ArrayList<>(List.of(
                "-k",
                "--cert",
                files.resolve(SvidFiles.CHAIN).toString(),
                "--key",
                files.resolve(SvidFiles.KEY).toString()));
        all.addAll(List.of(arguments));
        return Curl.run(all.toArray(String[]::new));
    }

    private String url(String path) {
        return "https://127.0.0.1:" + port + path;
    }

    private static final class NoControls implements Controls {
        @Override
        public Optional<String> trouble() {
            return Optional.empty();
        }

        @Override
        public void drainListeners() {
            throw new IllegalStateException("nobody may");
        }

        @Override
        public void quit() {
            throw new IllegalStateException("nobody may");
        }
    }
}
