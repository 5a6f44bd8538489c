package io.countersign.distributor.api;

import io.countersign.mesh.analysis.Analysis;
import io.countersign.mesh.analysis.Finding;
import io.countersign.mesh.analysis.FindingCode.Severity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/// What in the mesh's resources does not do what it seems to.
@Path("/v1/analysis")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class AnalysisResource {
    private final PresentMesh mesh;

    AnalysisResource(PresentMesh mesh) {
        this.mesh = mesh;
    }

    record AnalysisAnswer(List<Found> findings) {}

    record Found(String code, Severity severity, ResourceName resource, String message) {
        static Found of(Finding finding) {
            return new Found(
                    finding.code().code(), finding.severity(), ResourceName.of(finding.resource()), finding.message());
        }
    }

    @GET
    public AnalysisAnswer findings() {
        return new AnalysisAnswer(
                Analysis.of(mesh.read().state()).stream().map(Found::of).toList());
    }
}
