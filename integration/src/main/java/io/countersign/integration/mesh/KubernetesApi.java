package io.countersign.integration.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.countersign.identity.SpiffeTrustManager;
import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerifier;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.identity.X509Authority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// policy-service's API without kubectl's own start-up time, with the credentials of a kubeconfig.
public final class KubernetesApi implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final URI server;
    private final String token;

    private KubernetesApi(HttpClient client, URI server, String token) {
        this.client = client;
        this.server = server;
        this.token = token;
    }

    public static KubernetesApi of(Path kubeconfig) throws IOException, GeneralSecurityException {
        var config = new YAMLMapper().readTree(kubeconfig.toFile());
        var cluster = config.at("/clusters/0/cluster");
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust(authority(cluster))}, null);
        return new KubernetesApi(
                HttpClient.newBuilder()
                        .sslContext(context)
                        .connectTimeout(TIMEOUT)
                        .build(),
                URI.create(cluster.path("server").textValue()),
                config.at("/users/0/user/token").textValue());
    }

    /// Merges a JSON patch document into a resource.
    public int mergePatch(String path, String patch) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(patch))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Override
    public void close() {
        client.close();
    }

    private static X509Certificate authority(JsonNode cluster) throws IOException, GeneralSecurityException {
        var pem = cluster.path("certificate-authority-data").binaryValue();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }

    /// The mesh's own check of a server: its chain, not its host name, which is another than the address here.
    private static TrustManager trust(X509Certificate authority) {
        var bundle = new TrustBundle(
                new TrustDomain("cluster.local"),
                1,
                List.of(new X509Authority("kubeconfig", AuthorityState.ACTIVE, authority)));
        var verifier = new SvidVerifier(bundle);
        return new SpiffeTrustManager((chain, _) -> verifier.verify(chain, SvidUsage.SERVER, Instant.now()));
    }
}
