package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.identity.SvidVerifier;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.view.UpstreamTls.MeshMutual;
import io.countersign.testing.TestAuthority;
import io.netty.buffer.ByteBufAllocator;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class TlsFactsTest {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId SERVER = SpiffeId.ofServiceAccount(DOMAIN, "full", "httpbin");
    private static final SpiffeId CLIENT = SpiffeId.ofServiceAccount(DOMAIN, "full", "sleep");

    private final HandshakeRules rules = new HandshakeRules(
            InstantSource.system(),
            () -> Withdrawals.NONE,
            new TicketKeys(InstantSource.system()),
            PostQuantum.PREFERRED);
    private final TestAuthority authority = TestAuthority.seeded(1);

    @Test
    void tellsBothSidesWhatWasAgreedOnAndWhoThePeerIs() throws SSLException {
        // Given
        var clientContexts = contexts(CLIENT);
        var client = clientContexts.newClientHandler(ByteBufAllocator.DEFAULT, new MeshMutual(Set.of(SERVER), ""));
        var server = contexts(SERVER).newServerHandler(ByteBufAllocator.DEFAULT);
        var leaf = clientContexts.material().leaf();

        try (var handshake = new MemoryHandshake(client, server)) {
            // When
            var failure = handshake.failure();

            // Then
            assertThat(failure).isEmpty();
            var facts = new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", "X25519MLKEM768", "", false);
            assertThat(TlsFacts.of(client.engine())).isEqualTo(facts);
            assertThat(TlsFacts.of(server.engine())).isEqualTo(facts);
            assertThat(PeerIdentity.of(client.engine())).map(PeerIdentity::id).contains(SERVER);
            assertThat(PeerIdentity.of(server.engine())).hasValueSatisfying(peer -> {
                assertThat(peer.id()).isEqualTo(CLIENT);
                assertThat(peer.serial()).isEqualTo(leaf.getSerialNumber().toString(16));
                assertThat(peer.authority()).isEqualTo(authority.authority().id());
                assertThat(peer.notAfter()).isEqualTo(leaf.getNotAfter().toInstant());
                assertThat(HexFormat.of().parseHex(peer.leafHash())).hasSize(32);
            });
        }
    }

    private TlsContexts contexts(SpiffeId id) throws SSLException {
        var svid = authority.issue(id);
        var material = new TlsMaterial(X509Svid.of(svid.chain(), svid.key()), authority.bundle(DOMAIN, 1));
        return TlsContexts.build(material, new SvidVerifier(material.bundle()), 1, rules);
    }
}
