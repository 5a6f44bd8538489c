package io.countersign.ca;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/// Problem details (RFC 9457, section 3.1).
///
/// @param problems each thing that is wrong; an extension member
/// @param instance names an internal error, for whoever reads the logs
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(String type, String title, int status, String detail, List<String> problems, String instance) {
    static final String MEDIA_TYPE = "application/problem+json";
}
