package io.countersign.ca;

import io.countersign.controlplane.ProblemAnswers;
import io.countersign.controlplane.RequestRefused;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Every request that ends otherwise than it should is answered with problem details.
final class ProblemMapper {
    private final ProblemAnswers answers;

    ProblemMapper(MeterRegistry metrics) {
        this.answers = new ProblemAnswers("ca", metrics);
    }

    @ServerExceptionMapper({RequestRefused.class, WebApplicationException.class, RuntimeException.class})
    Response problem(RuntimeException failure) {
        return answers.to(failure);
    }
}
