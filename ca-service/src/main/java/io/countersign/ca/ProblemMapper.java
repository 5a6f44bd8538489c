package io.countersign.ca;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refusals and breakdowns as problem details. Of an internal error the caller learns its number only.
final class ProblemMapper {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);
    private static final String REFUSED = "countersign_ca_requests_refused";
    private static final int INTERNAL_ERROR = 500;

    private final MeterRegistry metrics;

    ProblemMapper(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @ServerExceptionMapper
    Response refused(RequestRefused refused) {
        var code = refused.code();
        metrics.counter(REFUSED, "error_code", code.type()).increment();
        LOG.atInfo()
                .addKeyValue("errorCode", code.type())
                .addKeyValue("problems", refused.problems())
                .log("request refused");
        var detail = String.join("; ", refused.problems());
        var answer = respond(new Problem(code.type(), title(code), status(code), detail, refused.problems(), ""));
        return code == ErrorCode.UNAUTHENTICATED
                ? Response.fromResponse(answer)
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"ca-service\"")
                        .build()
                : answer;
    }

    @ServerExceptionMapper
    Response unroutable(WebApplicationException refused) {
        var status = refused.getResponse().getStatusInfo();
        return respond(new Problem("about:blank", status.getReasonPhrase(), status.getStatusCode(), "", List.of(), ""));
    }

    @ServerExceptionMapper
    Response internal(RuntimeException cause) {
        var id = UUID.randomUUID();
        LOG.atError().setCause(cause).addKeyValue("instance", id).log("request broke off");
        return respond(
                new Problem("about:blank", "Internal Server Error", INTERNAL_ERROR, "", List.of(), "urn:uuid:" + id));
    }

    private static Response respond(Problem problem) {
        return Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem)
                .build();
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST, INVALID_CSR -> 400;
            case UNAUTHENTICATED -> 401;
            case JOIN_TOKEN_REFUSED, JOIN_TOKEN_SPENT, IDENTITY_MISMATCH, SVID_REFUSED -> 403;
        };
    }

    private static String title(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST -> "The request cannot be read";
            case INVALID_CSR -> "The certificate request is not acceptable";
            case UNAUTHENTICATED -> "A credential is needed";
            case JOIN_TOKEN_REFUSED -> "The join token is not valid";
            case JOIN_TOKEN_SPENT -> "The join token was spent on another key";
            case IDENTITY_MISMATCH -> "The credential is for another identity";
            case SVID_REFUSED -> "The presented SVID is not accepted";
        };
    }
}
