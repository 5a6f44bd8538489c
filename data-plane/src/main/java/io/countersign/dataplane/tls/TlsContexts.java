package io.countersign.dataplane.tls;

import io.countersign.identity.SvidVerifier;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.view.UpstreamTls.MeshMutual;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/// The BoringSSL contexts made from one [TlsMaterial]. They never change: other material makes other contexts, so
/// that nothing beneath a live context moves. Safe for use from every event loop.
public final class TlsContexts {
    /// So many identities' client contexts are kept, some 10 kB each; past it they are built anew.
    private static final int CLIENTS_MAX = 4096;

    /// The handler takes a port beside the name, and makes no use of it here.
    private static final int NO_PORT = 0;

    private final TlsMaterial material;
    private final long generation;
    private final SslContext server;
    private final SslContext httpServer;
    private final HandshakeRules rules;
    private final SvidVerifier verifier;
    /// One for each server that was spoken to: a context's trust manager knows whom to expect.
    private final Map<ClientKey, SslContext> clients = new ConcurrentHashMap<>();
    /// One for each client that alone is let in: the observer, if there is one.
    private final Map<SpiffeId, SslContext> servers = new ConcurrentHashMap<>();

    private TlsContexts(TlsMaterial material, long generation, HandshakeRules rules) throws SSLException {
        this.material = material;
        this.generation = generation;
        this.rules = rules;
        this.verifier = new SvidVerifier(material.bundle());
        this.server = server(_ -> true, "http/1.1");
        this.httpServer = server(_ -> true, "h2", "http/1.1");
    }

    /// Builds the servers' contexts; takes well under a millisecond, but belongs off the event loops all the same.
    static TlsContexts build(TlsMaterial material, long generation, HandshakeRules rules) throws SSLException {
        return new TlsContexts(material, generation, rules);
    }

    /// Grows by one with every material put in force.
    public long generation() {
        return generation;
    }

    public TlsMaterial material() {
        return material;
    }

    /// Whether a handshake may still use it; one with an ended certificate is refused by every peer anyway.
    public boolean isUsableAt(Instant now) {
        return now.isBefore(material.leaf().getNotAfter().toInstant());
    }

    /// A handler for an accepted connection; it demands a certificate of the trust domain.
    public SslHandler newServerHandler(ByteBufAllocator allocator) {
        return TlsProfile.withTimeout(server.newHandler(allocator));
    }

    /// A handler for an accepted connection that may turn out to be HTTP: selects HTTP/2 where the client offers it.
    public SslHandler newHttpServerHandler(ByteBufAllocator allocator) {
        return TlsProfile.withTimeout(httpServer.newHandler(allocator));
    }

    /// A handler for an accepted connection that only one client may make.
    public SslHandler newServerHandler(ByteBufAllocator allocator, SpiffeId client) {
        return TlsProfile.withTimeout(
                servers.computeIfAbsent(client, this::serverFor).newHandler(allocator));
    }

    /// A handler for a connection of our own; the handshake fails unless the server is one of those expected. The first
    /// for an identity builds its context, which takes some 50 microseconds.
    public SslHandler newClientHandler(ByteBufAllocator allocator, MeshMutual peer, Offer offer) {
        var key = new ClientKey(peer.expected(), offer);
        var client = clients.get(key);
        if (client == null) {
            client = client(key, true);
            if (clients.size() >= CLIENTS_MAX) {
                clients.clear();
            }
            clients.put(key, client);
        }
        return TlsProfile.withTimeout(
                peer.sni().isEmpty()
                        ? client.newHandler(allocator)
                        : client.newHandler(allocator, peer.sni(), NO_PORT));
    }

    /// A client of the same trust that has no certificate: the rehearsal's proof that one is demanded.
    SslHandler newAnonymousHandler(ByteBufAllocator allocator, SpiffeId expected) {
        return TlsProfile.withTimeout(
                client(new ClientKey(Set.of(expected), Offer.OPAQUE), false).newHandler(allocator));
    }

    private SslContext server(Predicate<SpiffeId> allowed, String... alpn) throws SSLException {
        var trust = SpiffeTrustManager.ofServer(verifier, allowed, rules);
        // Istio's own names are never selected: they announce mutual TLS, they are no protocol to speak.
        return TlsProfile.withoutResumption(
                TlsProfile.apply(SslContextBuilder.forServer(MaterialKeys.factory(material)), trust, alpn)
                        .clientAuth(ClientAuth.REQUIRE)
                        .build());
    }

    private SslContext serverFor(SpiffeId client) {
        try {
            return server(client::equals, "http/1.1");
        } catch (SSLException e) {
            throw new IllegalStateException("a server's context of material that was rehearsed", e);
        }
    }

    private SslContext client(ClientKey key, boolean withCertificate) {
        var trust = SpiffeTrustManager.ofClient(verifier, key.expected(), rules);
        var builder = TlsProfile.apply(
                        SslContextBuilder.forClient(), trust, key.offer().mesh())
                .endpointIdentificationAlgorithm("");
        try {
            return TlsProfile.withoutResumption(
                    (withCertificate ? builder.keyManager(MaterialKeys.factory(material)) : builder).build());
        } catch (SSLException e) {
            throw new IllegalStateException("a client's context of material that was rehearsed", e);
        }
    }

    private record ClientKey(Set<SpiffeId> expected, Offer offer) {}
}
