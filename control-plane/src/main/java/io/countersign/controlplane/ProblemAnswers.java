package io.countersign.controlplane;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refusals and breakdowns as problem details. Of an internal error the caller learns its number only.
public final class ProblemAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);
    private static final int UNAUTHORIZED = 401;
    private static final int INTERNAL_ERROR = 500;

    private final MeterRegistry metrics;
    private final String counter;

    /// @param service as it stands in the name of the metric
    public ProblemAnswers(String service, MeterRegistry metrics) {
        this.metrics = metrics;
        this.counter = "countersign_" + service + "_requests_refused";
    }

    /// What a request is answered that ended so.
    public Response to(RuntimeException failure) {
        return switch (failure) {
            case RequestRefused refused -> refused(refused);
            case WebApplicationException refused ->
                unroutable(refused.getResponse().getStatusInfo());
            default -> internal(failure);
        };
    }

    private Response refused(RequestRefused refused) {
        var code = refused.code();
        metrics.counter(counter, "error_code", code.type()).increment();
        LOG.atInfo()
                .addKeyValue("errorCode", code.type())
                .addKeyValue("problems", refused.problems())
                .log("request refused");
        var detail = String.join("; ", refused.problems());
        var answer = new Problem(code.type(), code.title(), code.status(), detail, refused.problems(), "").answer();
        return (code.status() == UNAUTHORIZED ? answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer") : answer).build();
    }

    private static Response unroutable(Response.StatusType status) {
        var reason = status.getReasonPhrase();
        return new Problem("about:blank", reason, status.getStatusCode(), "", List.of(), "")
                .answer()
                .build();
    }

    private static Response internal(RuntimeException cause) {
        var id = UUID.randomUUID();
        LOG.atError().setCause(cause).addKeyValue("instance", id).log("request broke off");
        var title = "Internal Server Error";
        return new Problem("about:blank", title, INTERNAL_ERROR, "", List.of(), "urn:uuid:" + id)
                .answer()
                .build();
    }
}
