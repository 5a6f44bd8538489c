package io.countersign.ca.issuance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.ca.authority.Authorities;
import io.countersign.events.TrustBundleCodec;
import io.countersign.identity.Pem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/// `POST /v1/svids`: a first SVID against a join token, or the next one over mutual TLS.
@Path("/v1/svids")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
class IssuanceResource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SvidAdmission admission;
    private final Authorities authorities;

    IssuanceResource(SvidAdmission admission, Authorities authorities) {
        this.admission = admission;
        this.authorities = authorities;
    }

    @POST
    @RunOnVirtualThread
    public Response issue(@Context HttpServerRequest connection, String body) {
        var request = IssuanceRequest.parse(body);
        var csr = CertificateRequest.parse(request.csr());
        var leaf = request.joinToken().isPresent()
                ? admission.join(request.joinToken().get(), csr)
                : admission.renew(presentedChain(connection), csr);
        return Response.status(Response.Status.CREATED).entity(answer(leaf)).build();
    }

    /// What the client showed in the handshake; empty for nothing, and on a connection without TLS.
    private static List<X509Certificate> presentedChain(HttpServerRequest connection) {
        var session = connection.sslSession();
        if (session == null) {
            return List.of();
        }
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private ObjectNode answer(X509Certificate leaf) {
        var answer = JSON.createObjectNode()
                .put("chain", Pem.encode(List.of(leaf)))
                .put("serial", leaf.getSerialNumber().toString(16))
                .put("notAfter", leaf.getNotAfter().toInstant().toString());
        answer.set("bundle", TrustBundleCodec.tree(authorities.bundle()));
        return answer;
    }
}
