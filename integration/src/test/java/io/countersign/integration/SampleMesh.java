package io.countersign.integration;

import io.countersign.integration.mesh.RunningMesh;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives scenarios one mesh of the six samples, which is started for the first of them and stopped after the last.
/// Each scenario leaves it with no policy but the mesh's own, and every part running.
final class SampleMesh implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SampleMesh.class);
    private static final String NETWORK = "127.31";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningMesh.class;
    }

    @Override
    public RunningMesh resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("mesh", _ -> RunningMesh.start("samples", NETWORK), RunningMesh.class);
    }
}
