package io.countersign.local;

import io.countersign.local.process.Part;
import io.countersign.local.process.ProcessIdentity;
import java.util.Optional;

/// What one part does now.
///
/// @param process empty when it does not run
public record PartStatus(Part part, Optional<ProcessIdentity> process, boolean ready) {

    /// `ready`, `starting` or `stopped`.
    public String word() {
        if (process.isEmpty()) {
            return "stopped";
        }
        return ready ? "ready" : "starting";
    }
}
