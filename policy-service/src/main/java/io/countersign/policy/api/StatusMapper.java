package io.countersign.policy.api;

import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusReason;
import io.countersign.policy.object.Json;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every refusal and failure as a Kubernetes `Status`.
class StatusMapper {
    private static final Logger LOG = LoggerFactory.getLogger(StatusMapper.class);

    @ServerExceptionMapper
    Response refused(RefusedRequest refused) {
        var answer = answer(refused);
        if (refused.reason() == StatusReason.UNAUTHORIZED) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return answer.build();
    }

    /// What the framework refuses itself: unknown paths and methods, bodies that are too large.
    @ServerExceptionMapper
    Response framework(WebApplicationException refused) {
        var reason = switch (refused.getResponse().getStatus()) {
            case 400 -> StatusReason.BAD_REQUEST;
            case 404 -> StatusReason.NOT_FOUND;
            case 405 -> StatusReason.METHOD_NOT_ALLOWED;
            case 406 -> StatusReason.NOT_ACCEPTABLE;
            case 413 -> StatusReason.REQUEST_ENTITY_TOO_LARGE;
            case 415 -> StatusReason.UNSUPPORTED_MEDIA_TYPE;
            default -> StatusReason.INTERNAL_ERROR;
        };
        var message = reason == StatusReason.NOT_FOUND
                ? "the server could not find the requested resource"
                : String.valueOf(refused.getMessage());
        return answer(RefusedRequest.of(reason, message)).build();
    }

    /// The cause stays in the log; the answer names the line.
    @ServerExceptionMapper
    Response failed(RuntimeException failure) {
        var requestId = UUID.randomUUID();
        LOG.atError().setCause(failure).addKeyValue("requestId", requestId).log("request failed");
        return answer(RefusedRequest.of(StatusReason.INTERNAL_ERROR, "internal error: request " + requestId))
                .build();
    }

    private static Response.ResponseBuilder answer(RefusedRequest refused) {
        return Response.status(refused.reason().code())
                .entity(Json.bytes(refused.json()))
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
    }
}
