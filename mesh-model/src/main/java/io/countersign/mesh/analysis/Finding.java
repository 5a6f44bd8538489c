package io.countersign.mesh.analysis;

import io.countersign.mesh.analysis.FindingCode.Severity;
import io.countersign.mesh.resource.ResourceKey;

/// One thing that is not as it seems.
///
/// @param resource to look at
/// @param message for people: what it is, where, and what holds instead
public record Finding(FindingCode code, ResourceKey resource, String message) {
    public Severity severity() {
        return code.severity();
    }
}
