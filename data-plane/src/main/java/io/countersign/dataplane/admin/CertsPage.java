package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.identity.SvidFiles;
import io.countersign.mesh.identity.X509Authority;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;

/// The certificates in use, in Envoy's old form with the SPIFFE ID added.
final class CertsPage {
    private final LiveTls tls;
    private final Optional<Path> directory;
    private final InstantSource clock;

    CertsPage(LiveTls tls, Optional<Path> directory, InstantSource clock) {
        this.tls = tls;
        this.directory = directory;
        this.clock = clock;
    }

    /// A list with one entry, or an empty one before the first certificate and after the last one's end.
    ArrayNode json() {
        var list = JsonNodeFactory.instance.arrayNode();
        tls.current().map(this::entry).ifPresent(list::add);
        return list;
    }

    private ObjectNode entry(TlsContexts contexts) {
        var material = contexts.material();
        var authorities = material.bundle().authorities().stream()
                .filter(X509Authority::isTrusted)
                .map(authority -> line(SvidFiles.ROOTS, authority.certificate()))
                .collect(Collectors.joining("; "));
        return JsonNodeFactory.instance
                .objectNode()
                .put("ca_cert", authorities)
                .put("cert_chain", line(SvidFiles.CHAIN, material.leaf()))
                .put("spiffe_id", material.identity().toString());
    }

    private String line(String file, X509Certificate certificate) {
        var path = directory.map(folder -> folder.resolve(file).toString()).orElse("(memory)");
        var days = Duration.between(clock.instant(), certificate.getNotAfter().toInstant())
                .toDays();
        return "Certificate Path: %s, Serial Number: %s, Days until Expiration: %d"
                .formatted(path, certificate.getSerialNumber().toString(16), days);
    }
}
