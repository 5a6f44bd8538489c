package io.countersign.integration;

import io.countersign.integration.mesh.RunningMesh;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives scenarios one mesh of the [Samples] that they name, or of the six in set httpbin. It is started for the first
/// of them and stopped after the last. Each scenario leaves it with no policy but the mesh's own, and every part
/// running.
final class SampleMesh implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SampleMesh.class);
    private static final AtomicInteger NEXT_NETWORK = new AtomicInteger(61);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningMesh.class;
    }

    @Override
    public RunningMesh resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var sets = Optional.ofNullable(context.getRequiredTestClass().getAnnotation(Samples.class))
                .map(Samples::value)
                .orElse("httpbin");
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(sets, SampleMesh::start, RunningMesh.class);
    }

    private static RunningMesh start(String sets) {
        var network = "127." + NEXT_NETWORK.getAndIncrement();
        return RunningMesh.start("samples-" + sets.replace(',', '-'), network, "--samples", sets);
    }
}
