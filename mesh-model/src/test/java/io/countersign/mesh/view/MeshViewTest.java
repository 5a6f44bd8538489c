package io.countersign.mesh.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeshViewTest {
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final ConfigKey FULL_CLIENT = ConfigKey.workload("full", "sleep");
    private static final ConfigKey LEGACY_CLIENT = ConfigKey.workload("legacy", "sleep");
    private static final MeshView VIEW = MeshView.EMPTY
            .apply(service("httpbin", "http"))
            .apply(workload("v1", ProxyPresence.PRESENT, PortMode.STRICT))
            .apply(workload("v2", ProxyPresence.NONE, PortMode.PERMISSIVE));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "httpbin",
                "httpbin.full",
                "HTTPBIN.full.svc",
                "httpbin.full.svc.cluster.local",
                "httpbin.full.svc.cluster.local."
            })
    void findsAServiceByEachOfItsNames(String host) {
        assertThat(upstreams(VIEW.lookup(host, 80, FULL_CLIENT))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "httpbin.", "httpbin.partial", "a.b.c", "127.0.0.2", "httpbin/full", "httpbin..full"})
    void doesNotKnowOtherHosts(String host) {
        assertThat(VIEW.lookup(host, 80, LEGACY_CLIENT)).isEqualTo(new Destination.Unknown());
    }

    @Test
    void speaksToEachEndpointAsItNeedsIt() {
        assertThat(upstreams(VIEW.lookup("httpbin.full", 80, LEGACY_CLIENT)))
                .containsExactly(
                        new Upstream(
                                ConfigKey.workload("full", "v1"),
                                "127.0.0.1",
                                8000,
                                new UpstreamTls.MeshMutual(Set.of(HTTPBIN), "httpbin.full.svc.cluster.local")),
                        new Upstream(ConfigKey.workload("full", "v2"), "127.0.0.1", 8000, new UpstreamTls.Plaintext()));
    }

    @ParameterizedTest
    @CsvSource({
        "PRESENT,STRICT,true",
        "PRESENT,PERMISSIVE,true",
        "PRESENT,OPEN,false",
        "PRESENT,DISABLE,false",
        "NONE,OPEN,false",
        "NONE,STRICT,false",
        "NONE,DISABLE,false"
    })
    void usesMutualTlsWhereAProxyTakesIt(ProxyPresence proxy, PortMode mode, boolean mutualTls) {
        // Given
        var view = MeshView.EMPTY.apply(workload("v1", proxy, mode));

        // When
        var upstreams = upstreams(view.lookup("v1.full", 8000, FULL_CLIENT));

        // Then
        assertThat(upstreams)
                .singleElement()
                .returns(mutualTls, upstream -> upstream.tls() instanceof UpstreamTls.MeshMutual);
    }

    @Test
    void doesNotOfferADeclaredProxyBeforeItsFirstReport() {
        // Given
        var view = VIEW.apply(workload("v1", ProxyPresence.DECLARED, PortMode.STRICT));

        // When
        var upstreams = upstreams(view.lookup("httpbin.full", 80, FULL_CLIENT));

        // Then
        assertThat(upstreams).singleElement().returns(ConfigKey.workload("full", "v2"), Upstream::workload);
    }

    @Test
    void saysWhyNothingCanBeReached() {
        assertThat(VIEW.lookup("httpbin.full", 81, FULL_CLIENT))
                .isEqualTo(new Destination.NoEndpoint("the service has no port 81"));
        assertThat(VIEW.remove(ConfigKey.workload("full", "v1"))
                        .remove(ConfigKey.workload("full", "v2"))
                        .lookup("httpbin.full", 80, FULL_CLIENT))
                .isEqualTo(new Destination.NoEndpoint("no workload is in the service"));
    }

    @Test
    void aWorkloadThatLeavesItsServiceIsNoEndpointOfIt() {
        // Given
        var left = new WorkloadConfig(
                "full",
                "v1",
                "u",
                List.of("127.0.0.1"),
                new TreeMap<>(),
                HTTPBIN,
                ProxyPresence.NONE,
                new TreeMap<>(),
                PortMode.STRICT,
                new TreeMap<>());

        // When
        var view = VIEW.apply(left);

        // Then
        assertThat(upstreams(view.lookup("httpbin.full", 80, FULL_CLIENT))).hasSize(1);
        assertThat(view.remove(left.key()).apply(workload("v1", ProxyPresence.PRESENT, PortMode.STRICT)))
                .isEqualTo(VIEW);
    }

    @Test
    void anUnknownWorkloadTakesTheLeast() {
        assertThat(MeshView.EMPTY.mode(ConfigKey.workload("full", "v1"), 8000)).isEqualTo(PortMode.STRICT);
    }

    private static List<Upstream> upstreams(Destination destination) {
        assertThat(destination).isInstanceOf(Destination.Endpoints.class);
        return ((Destination.Endpoints) destination).upstreams();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.255.1,            80, service/full/httpbin",
        "10.1.255.1,            81, service/full/httpbin",
        "fd00:0:0:0:0:0:0:1,    80, service/full/httpbin",
        "fd00::1,               80, service/full/httpbin",
        "127.0.0.1,           8000, workload/full/v1",
        "127.0.0.1,           9999, workload/full/v1",
        "127.0.0.2,           8000,",
        "httpbin.full,          80,",
    })
    void findsAServiceBeforeAWorkloadByAddress(String address, int port, @Nullable String key) {
        assertThat(VIEW.at(address, port).map(ConfigKey::toString)).isEqualTo(Optional.ofNullable(key));
    }

    @Test
    void ofWorkloadsAtOneAddressTheOneThatServesThePortIsMeant() {
        // Given
        var other = workload("a", ProxyPresence.NONE, PortMode.STRICT, new TreeMap<>());

        // Then
        assertThat(VIEW.apply(other).at("127.0.0.1", 8000)).contains(ConfigKey.workload("full", "v1"));
    }

    @Test
    void aServiceThatMovesLeavesItsOldAddress() {
        // Given
        var moved = new ServiceConfig(
                "full",
                "httpbin",
                "u",
                List.of("httpbin.full.svc.cluster.local"),
                List.of("10.1.255.9"),
                ports("http"));

        // When
        var view = VIEW.apply(moved);

        // Then
        assertThat(view.at("10.1.255.1", 80)).isEmpty();
        assertThat(view.at("10.1.255.9", 80)).contains(moved.key());
        assertThat(view.remove(moved.key()).at("10.1.255.9", 80)).isEmpty();
        assertThat(view.apply(service("httpbin", "http"))).isEqualTo(VIEW);
    }

    @ParameterizedTest
    @CsvSource({
        "http,      HTTP",
        "grpc-web,  HTTP",
        "https,     TCP",
        "mysql,     TCP",
        "'',        AUTO",
        "my.org/x,  AUTO",
    })
    void aPortCarriesWhatItsServiceDeclares(String declared, PortProtocol protocol) {
        // Given
        var view = VIEW.apply(service("httpbin", declared));

        // Then
        assertThat(view.protocol(ConfigKey.service("full", "httpbin"), 80)).isEqualTo(protocol);
        assertThat(view.protocol(ConfigKey.workload("full", "v1"), 8000)).isEqualTo(protocol);
        assertThat(view.protocol(ConfigKey.workload("full", "v1"), 80)).isEqualTo(PortProtocol.AUTO);
    }

    @Test
    void twoServicesThatDisagreeLeaveItToTheFirstBytes() {
        // Given
        var services = new TreeMap<String, SortedMap<Integer, Integer>>();
        services.put("full/httpbin", new TreeMap<>(Map.of(80, 8000)));
        services.put("full/raw", new TreeMap<>(Map.of(80, 8000)));
        var view = VIEW.apply(workload("v1", ProxyPresence.PRESENT, PortMode.STRICT, services));

        // Then
        assertThat(view.apply(service("raw", "http")).protocol(ConfigKey.workload("full", "v1"), 8000))
                .isEqualTo(PortProtocol.HTTP);
        assertThat(view.apply(service("raw", "tcp")).protocol(ConfigKey.workload("full", "v1"), 8000))
                .isEqualTo(PortProtocol.AUTO);
    }

    private static ServiceConfig service(String name, String protocol) {
        return new ServiceConfig(
                "full",
                name,
                "u",
                List.of(name + ".full.svc.cluster.local"),
                name.equals("httpbin") ? List.of("10.1.255.1", "fd00:0:0:0:0:0:0:1") : List.of(),
                ports(protocol));
    }

    private static SortedMap<Integer, String> ports(String protocol) {
        return new TreeMap<>(Map.of(80, protocol));
    }

    private static WorkloadConfig workload(String name, ProxyPresence proxy, PortMode mode) {
        var services = new TreeMap<String, SortedMap<Integer, Integer>>();
        services.put("full/httpbin", new TreeMap<>(Map.of(80, 8000)));
        return workload(name, proxy, mode, services);
    }

    private static WorkloadConfig workload(
            String name, ProxyPresence proxy, PortMode mode, SortedMap<String, SortedMap<Integer, Integer>> services) {
        return new WorkloadConfig(
                "full",
                name,
                "u",
                List.of("127.0.0.1"),
                new TreeMap<>(),
                HTTPBIN,
                proxy,
                services.isEmpty() ? new TreeMap<>() : new TreeMap<>(Map.of(8000, mode)),
                mode,
                services);
    }
}
