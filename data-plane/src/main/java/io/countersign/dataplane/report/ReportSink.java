package io.countersign.dataplane.report;

import io.countersign.mesh.distribution.NodeReport;
import java.util.concurrent.CompletionStage;

/// Where reports go.
@FunctionalInterface
public interface ReportSink {
    /// Sends one report. May wait a short, bounded time; ends exceptionally when the report did not arrive.
    CompletionStage<Void> send(NodeReport report);
}
