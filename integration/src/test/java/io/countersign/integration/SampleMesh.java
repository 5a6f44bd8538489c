package io.countersign.integration;

import io.countersign.integration.mesh.RunningMesh;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives scenarios one mesh: of the six workloads in set httpbin, or [InPods]. It is started for the first of them and
/// stopped after the last. Each scenario leaves it with no policy but the mesh's own, and every part running.
final class SampleMesh implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SampleMesh.class);
    private static final AtomicInteger NEXT_NETWORK = new AtomicInteger(61);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningMesh.class;
    }

    @Override
    public RunningMesh resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var pods = context.getRequiredTestClass().isAnnotationPresent(InPods.class);
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(pods, each -> each ? startPods() : start(), RunningMesh.class);
    }

    private static RunningMesh start() {
        return RunningMesh.start("samples", "127." + NEXT_NETWORK.getAndIncrement());
    }

    private static RunningMesh startPods() {
        return RunningMesh.start("pods", "10." + NEXT_NETWORK.getAndIncrement(), "--pods", "--samples", InPods.SAMPLES);
    }
}
