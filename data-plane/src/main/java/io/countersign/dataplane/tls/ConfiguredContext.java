package io.countersign.dataplane.tls;

import io.countersign.identity.ChainStrength;
import io.countersign.identity.Pem;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import io.countersign.mesh.view.UpstreamTls.Configured;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;

/// A client's context as a rule configures it, of what the rule's files held when they were read.
///
/// @param generation tells it from its predecessors, which had other files
/// @param content of the files, by name; holds a private key, and is never printed
public record ConfiguredContext(
        Configured tls, long generation, Map<String, String> content, Map<Offer, SslContext> contexts) {
    /// No chain or bundle that is meant is longer.
    private static final int FILE_MAX = 1 << 20;

    /// The handler takes a port beside the name, and makes no use of it here.
    private static final int NO_PORT = 0;

    /// The files that a rule names.
    static List<String> files(ClientTls settings) {
        return Stream.of(settings.caCertificates(), settings.clientCertificate(), settings.privateKey())
                .flatMap(Optional::stream)
                .toList();
    }

    /// Reads the files of a rule; they may be missing, and anything may be in them.
    static Map<String, String> read(ClientTls settings) throws IOException {
        var content = new TreeMap<String, String>();
        for (var file : files(settings)) {
            var path = Path.of(file);
            if (!Files.isRegularFile(path) || !Files.isReadable(path) || Files.size(path) > FILE_MAX) {
                throw new IOException(file + " is missing, not readable or too long");
            }
            content.put(file, Files.readString(path, StandardCharsets.ISO_8859_1));
        }
        return content;
    }

    /// Builds the context of files that were read.
    static ConfiguredContext build(Configured tls, long generation, Map<String, String> content)
            throws IOException, GeneralSecurityException {
        var settings = tls.settings();
        var byName = settings.subjectAltNames().isEmpty() && !settings.insecureSkipVerify();
        var trust = trust(settings, content);
        var contexts = new EnumMap<Offer, SslContext>(Offer.class);
        for (var offer : Offer.values()) {
            var builder = TlsProfile.apply(
                            SslContextBuilder.forClient(), trust, PostQuantum.PREFERRED, offer.configured())
                    .endpointIdentificationAlgorithm(byName ? "HTTPS" : "");
            if (settings.mode() == TlsMode.MUTUAL) {
                requireStrength(text(content, settings.clientCertificate()));
                builder.keyManager(
                        stream(content, settings.clientCertificate()), stream(content, settings.privateKey()));
            }
            var context = builder.build();
            // The JDK's trust managers would not judge a session that is taken up.
            TlsProfile.sessions(context).setSessionCacheEnabled(false);
            contexts.put(offer, context);
        }
        return new ConfiguredContext(tls, generation, content, contexts);
    }

    /// A handler for a connection of our own; the handshake fails unless the server is who the rule expects.
    public SslHandler newHandler(ByteBufAllocator allocator, Offer offer) {
        var context = Objects.requireNonNull(contexts.get(offer), "there is one for every offer");
        return TlsProfile.withTimeout(context.newHandler(allocator, tls.sni(), NO_PORT));
    }

    @Override
    public String toString() {
        return "ConfiguredContext[tls=" + tls + ", generation=" + generation + "]";
    }

    private static TrustManager trust(ClientTls settings, Map<String, String> content) throws GeneralSecurityException {
        if (settings.insecureSkipVerify()) {
            return InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0];
        }
        var authorities = settings.caCertificates().isPresent()
                ? Pem.certificates(text(content, settings.caCertificates()))
                : List.<X509Certificate>of();
        return new NamedServerTrust(ChainStrength.trust(authorities), settings.subjectAltNames());
    }

    /// Of the rule's own chain. What signed itself ends it, and proves nothing by that.
    private static void requireStrength(String chain) {
        for (var certificate : Pem.certificates(chain)) {
            var signedItself = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            var weakness = signedItself
                    ? ChainStrength.weakKey(certificate.getPublicKey())
                    : ChainStrength.weakness(certificate);
            weakness.ifPresent(found -> {
                throw new InvalidInput("client certificate: " + found);
            });
        }
    }

    private static ByteArrayInputStream stream(Map<String, String> content, Optional<String> file) {
        return new ByteArrayInputStream(text(content, file).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(Map<String, String> content, Optional<String> file) {
        var text = content.get(file.orElse(""));
        if (text == null) {
            throw new InvalidInput("one that the mode needs is not named");
        }
        return text;
    }
}
