package io.countersign.distributor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Asks the API as csign does: by the mesh's authority and a name of the service, with any credential or none.
record ApiCaller(int port) {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Answer(int status, String mediaType, JsonNode body) {}

    Answer get(String path) {
        return get(path, "Bearer " + RestrictedBus.USER_TOKEN);
    }

    Answer get(String path, String... authorization) {
        var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
        for (var each : authorization) {
            request.header("Authorization", each);
        }
        try (var client = HttpClient.newBuilder().sslContext(trustingTheMesh()).build()) {
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            var type = answer.headers().firstValue("Content-Type").orElse("");
            return new Answer(answer.statusCode(), type, JSON.readTree(answer.body()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(path, e);
        }
    }

    private static SSLContext trustingTheMesh() {
        try {
            var roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            roots.setCertificateEntry("mesh", MeshRecords.AUTHORITY.certificate());
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(roots);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
