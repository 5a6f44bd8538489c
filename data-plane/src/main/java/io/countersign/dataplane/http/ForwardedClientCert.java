package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.ForwardedCertName;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.mesh.identity.SpiffeId;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Optional;
import java.util.regex.Pattern;

/// `X-Forwarded-Client-Cert` as Envoy writes it. It is ours alone to set: what a client sends under that name is
/// removed, whatever the port's mode.
public final class ForwardedClientCert {
    private static final AsciiString NAME = AsciiString.cached("x-forwarded-client-cert");

    /// What divides the field's entries and keys.
    private static final Pattern SEPARATORS = Pattern.compile("[,;=\"]");

    private static final Pattern INVISIBLE = Pattern.compile("[^ -~]");

    /// Nobody is proved: the field is removed.
    public static final ForwardedClientCert NONE = new ForwardedClientCert(Optional.empty());

    private final Optional<String> value;

    private ForwardedClientCert(Optional<String> value) {
        this.value = value;
    }

    /// A client that proved itself, as Envoy's SANITIZE_SET has it with what Istio asks for. A quote in its subject is
    /// escaped already, as RFC 2253 has it.
    ///
    /// @param server who we are on the connection
    /// @param client who the verified client is
    public static ForwardedClientCert of(SpiffeId server, PeerIdentity client) {
        var text = new StringBuilder("By=%s;Hash=%s;Subject=\"%s\";URI=%s"
                .formatted(server, client.leafHash(), client.subject(), client.id()));
        for (var name : client.dnsNames()) {
            text.append(";DNS=").append(SEPARATORS.matcher(name).find() ? quoted(name) : name);
        }
        return new ForwardedClientCert(Optional.of(INVISIBLE.matcher(text).replaceAll("?")));
    }

    /// Takes the field out of what a client sent, header or trailers.
    static void remove(HttpHeaders headers) {
        for (var fields = headers.iteratorCharSequence(); fields.hasNext(); ) {
            var name = fields.next().getKey();
            if (ForwardedCertName.is(name)) {
                headers.remove(name);
                // Whatever else stands under other spellings; the iterator does not outlive the change.
                fields = headers.iteratorCharSequence();
            }
        }
    }

    void writeTo(HttpHeaders headers) {
        remove(headers);
        value.ifPresent(text -> headers.set(NAME, text));
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
