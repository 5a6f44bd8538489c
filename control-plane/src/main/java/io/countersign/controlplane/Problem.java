package io.countersign.controlplane;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.List;

/// Problem details (RFC 9457, section 3.1).
///
/// @param problems each thing that is wrong; an extension member
/// @param instance names an internal error, for whoever reads the logs
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(String type, String title, int status, String detail, List<String> problems, String instance) {
    private static final String MEDIA_TYPE = "application/problem+json";

    ResponseBuilder answer() {
        return Response.status(status).type(MEDIA_TYPE).entity(this);
    }
}
