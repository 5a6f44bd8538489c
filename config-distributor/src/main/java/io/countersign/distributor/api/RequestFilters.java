package io.countersign.distributor.api;

import io.countersign.controlplane.BearerToken;
import io.countersign.controlplane.ProblemAnswers;
import io.countersign.controlplane.RequestRefused;
import io.countersign.controlplane.UserTable;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Lets only known users in, whatever the path, and tells as problem details what ends otherwise than it should.
class RequestFilters {
    private final UserTable users;
    private final ProblemAnswers answers;

    RequestFilters(UserTable users, MeterRegistry metrics) {
        this.users = users;
        this.answers = new ProblemAnswers("distributor", metrics);
    }

    @ServerRequestFilter(preMatching = true)
    void authenticate(ContainerRequestContext request) {
        var user = BearerToken.in(request.getHeaderString(HttpHeaders.AUTHORIZATION))
                .flatMap(users::find);
        if (user.isEmpty()) {
            throw new RequestRefused(ErrorCode.UNAUTHENTICATED, "authorization: no bearer token of a known user");
        }
    }

    @ServerExceptionMapper({RequestRefused.class, WebApplicationException.class, RuntimeException.class})
    Response problem(RuntimeException failure) {
        return answers.to(failure);
    }
}
