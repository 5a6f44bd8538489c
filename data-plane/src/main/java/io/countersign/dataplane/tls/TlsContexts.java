package io.countersign.dataplane.tls;

import io.countersign.identity.SvidVerifier;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls.MeshMutual;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/// The BoringSSL contexts made from one [TlsMaterial]. They never change, but for the keys of tickets: other material
/// makes other contexts, so that nothing beneath a live context moves. Safe for use from every event loop.
public final class TlsContexts {
    /// So many identities' client contexts are kept, some 10 kB each; past it they are built anew.
    private static final int CLIENTS_MAX = 4096;

    private final TlsMaterial material;
    private final long generation;
    private final ServerContext server;
    private final ServerContext httpServer;
    private final HandshakeRules rules;
    private final SvidVerifier verifier;
    /// One for each server that was spoken to: a context's trust manager knows whom to expect.
    private final Map<ClientContext.Key, ClientContext> clients = new ConcurrentHashMap<>();
    /// One for each client that alone is let in: the observer, if there is one.
    private final Map<SpiffeId, ServerContext> servers = new ConcurrentHashMap<>();

    private TlsContexts(TlsMaterial material, SvidVerifier verifier, long generation, HandshakeRules rules)
            throws SSLException {
        this.material = material;
        this.generation = generation;
        this.rules = rules;
        this.verifier = verifier;
        this.server = server(_ -> true, rules.postQuantum(), "http/1.1");
        this.httpServer = server(_ -> true, rules.postQuantum(), "h2", "http/1.1");
    }

    /// Builds the servers' contexts; takes well under a millisecond, but belongs off the event loops all the same.
    ///
    /// @param verifier of the material's bundle; it may have judged before
    static TlsContexts build(TlsMaterial material, SvidVerifier verifier, long generation, HandshakeRules rules)
            throws SSLException {
        return new TlsContexts(material, verifier, generation, rules);
    }

    /// Grows by one with every material put in force.
    public long generation() {
        return generation;
    }

    public TlsMaterial material() {
        return material;
    }

    /// What its handshakes judge peers by.
    SvidVerifier verifier() {
        return verifier;
    }

    /// Whether a handshake may still use it; one with an ended certificate is refused by every peer anyway.
    public boolean isUsableAt(Instant now) {
        return now.isBefore(material.leaf().getNotAfter().toInstant());
    }

    /// A handler for an accepted connection; it demands a certificate of the trust domain.
    public SslHandler newServerHandler(ByteBufAllocator allocator) {
        return server.newHandler(allocator);
    }

    /// A handler for an accepted connection that may turn out to be HTTP: selects HTTP/2 where the client offers it.
    public SslHandler newHttpServerHandler(ByteBufAllocator allocator) {
        return httpServer.newHandler(allocator);
    }

    /// A handler for an accepted connection that only one client may make.
    public SslHandler newServerHandler(ByteBufAllocator allocator, SpiffeId client) {
        return servers.computeIfAbsent(client, this::serverFor).newHandler(allocator);
    }

    /// A handler for a connection of our own, which may take up a session with the same endpoint; the handshake fails
    /// unless the server is one of those expected. The first for an identity builds its context, in some 50 us.
    public SslHandler newClientHandler(ByteBufAllocator allocator, Upstream endpoint, MeshMutual peer, Offer offer) {
        return client(peer, offer).newHandler(allocator, endpoint.address(), endpoint.port());
    }

    /// A handler for a connection of our own in memory.
    SslHandler newClientHandler(ByteBufAllocator allocator, MeshMutual peer) {
        return client(peer, Offer.OPAQUE).newHandler(allocator);
    }

    /// A client of the same trust that has no certificate: the rehearsal's proof that one is demanded.
    SslHandler newAnonymousHandler(ByteBufAllocator allocator, SpiffeId expected) {
        return client(new ClientContext.Key(Set.of(expected), "", Offer.OPAQUE), false)
                .newHandler(allocator);
    }

    /// Our own connections take up no session that was begun before.
    void forgetSessions() {
        clients.clear();
    }

    private ClientContext client(MeshMutual peer, Offer offer) {
        var key = new ClientContext.Key(peer.expected(), peer.sni(), offer);
        var client = clients.get(key);
        if (client == null || !client.lastsAt(rules.clock().instant())) {
            client = client(key, true);
            if (clients.size() >= CLIENTS_MAX) {
                clients.clear();
            }
            clients.put(key, client);
        }
        return client;
    }

    private ServerContext server(Predicate<SpiffeId> allowed, PostQuantum postQuantum, String... alpn)
            throws SSLException {
        var trust = SpiffeTrustManager.ofServer(verifier, allowed, rules);
        var builder = SslContextBuilder.forServer(MaterialKeys.factory(material));
        // Istio's own names are never selected: they announce mutual TLS, they are no protocol to speak.
        var context = TlsProfile.apply(builder, trust, postQuantum, alpn)
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        return new ServerContext(context, rules.tickets());
    }

    /// The observer is a service on the JDK's TLS, which has no post-quantum key exchange yet.
    private ServerContext serverFor(SpiffeId client) {
        try {
            return server(client::equals, PostQuantum.PREFERRED, "http/1.1");
        } catch (SSLException e) {
            throw new IllegalStateException("a server's context of material that was rehearsed", e);
        }
    }

    private ClientContext client(ClientContext.Key key, boolean withCertificate) {
        var trust = SpiffeTrustManager.ofClient(verifier, key.expected(), rules);
        var builder = TlsProfile.apply(
                        SslContextBuilder.forClient(),
                        trust,
                        rules.postQuantum(),
                        key.offer().mesh())
                .endpointIdentificationAlgorithm("");
        key.serverName().ifPresent(builder::serverName);
        if (withCertificate) {
            builder.keyManager(MaterialKeys.factory(material));
        }
        try {
            return new ClientContext(builder.build(), trust);
        } catch (SSLException e) {
            throw new IllegalStateException("a client's context of material that was rehearsed", e);
        }
    }
}
