package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.dataplane.tls.TlsMaterial;
import io.countersign.identity.SvidFiles;
import io.countersign.mesh.identity.X509Authority;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The certificates in use: as Envoy wrote them once, with the SPIFFE ID added, and as it writes them now.
final class CertsPage {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<Observed> served;
    private final InstantSource clock;

    CertsPage(List<Observed> served, InstantSource clock) {
        this.served = served;
        this.clock = clock;
    }

    /// One entry for each identity that has a certificate in force.
    Page page(Asked asked) {
        if (asked.parameter("format").filter("json"::equals).isEmpty()) {
            var list = JSON.arrayNode();
            entries(this::lines).forEach(list::add);
            return Page.json(list);
        }
        var page = JSON.objectNode();
        var list = page.putArray("certificates");
        entries(this::details).forEach(list::add);
        return Page.json(page);
    }

    private Stream<ObjectNode> entries(Form form) {
        return served.stream()
                .flatMap(each -> each.tls().current().stream()
                        .map(contexts -> form.of(contexts.material(), each.certificates())));
    }

    private ObjectNode lines(TlsMaterial material, Optional<Path> folder) {
        return JSON.objectNode()
                .put(
                        "ca_cert",
                        authorities(material)
                                .map(certificate -> line(path(folder, SvidFiles.ROOTS), certificate))
                                .collect(Collectors.joining("; ")))
                .put("cert_chain", line(path(folder, SvidFiles.CHAIN), material.leaf()))
                .put("spiffe_id", material.identity().toString());
    }

    private String line(String path, X509Certificate certificate) {
        return "Certificate Path: %s, Serial Number: %s, Days until Expiration: %d"
                .formatted(path, serial(certificate), days(certificate));
    }

    private ObjectNode details(TlsMaterial material, Optional<Path> folder) {
        var entry = JSON.objectNode();
        var authorities = entry.putArray("ca_cert");
        authorities(material).forEach(each -> authorities.add(detail(path(folder, SvidFiles.ROOTS), each)));
        var leaf = detail(path(folder, SvidFiles.CHAIN), material.leaf());
        leaf.putArray("subject_alt_names")
                .addObject()
                .put("uri", material.identity().toString());
        entry.putArray("cert_chain").add(leaf);
        return entry;
    }

    private ObjectNode detail(String path, X509Certificate certificate) {
        return JSON.objectNode()
                .put("path", path)
                .put("serial_number", serial(certificate))
                .put("days_until_expiration", Long.toString(days(certificate)))
                .put("valid_from", certificate.getNotBefore().toInstant().toString())
                .put("expiration_time", certificate.getNotAfter().toInstant().toString());
    }

    private static Stream<X509Certificate> authorities(TlsMaterial material) {
        return material.bundle().authorities().stream()
                .filter(X509Authority::isTrusted)
                .map(X509Authority::certificate);
    }

    private static String path(Optional<Path> folder, String file) {
        return folder.map(path -> path.resolve(file).toString()).orElse("(memory)");
    }

    private static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    private long days(X509Certificate certificate) {
        return Duration.between(clock.instant(), certificate.getNotAfter().toInstant())
                .toDays();
    }

    private interface Form {
        ObjectNode of(TlsMaterial material, Optional<Path> folder);
    }
}
