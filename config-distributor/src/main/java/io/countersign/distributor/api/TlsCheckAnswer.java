package io.countersign.distributor.api;

import io.countersign.mesh.analysis.ClientMode;
import io.countersign.mesh.analysis.TlsCheck;
import io.countersign.mesh.resource.MtlsMode;
import java.util.List;
import java.util.Optional;

/// What a client and the services make of each other.
///
/// @param client as `namespace/name`
record TlsCheckAnswer(String client, List<Row> rows) {
    /// One port of one service.
    ///
    /// @param automatic whether the client decides for each endpoint by itself
    /// @param authenticationPolicy that holds; null for the mesh's default mode
    /// @param destinationRule that holds; null where none does
    /// @param why one sentence for each winner and loser
    /// @param actual what nodes have in force; null where nobody asked for it or the client has no node
    record Row(
            String host,
            int port,
            TlsCheck.Status status,
            MtlsMode server,
            ClientMode client,
            boolean automatic,
            Optional<ResourceName> authenticationPolicy,
            Optional<ResourceName> destinationRule,
            List<String> why,
            Optional<Actual> actual) {
        static Row of(TlsCheck.Row row, Optional<Actual> actual) {
            return new Row(
                    row.host(),
                    row.port(),
                    row.status(),
                    row.server(),
                    row.client(),
                    row.automatic(),
                    row.authenticationPolicy().map(ResourceName::of),
                    row.destinationRule().map(ResourceName::of),
                    row.why(),
                    actual);
        }
    }

    /// What nodes say themselves.
    ///
    /// @param server the mode of the endpoints' ports, comma separated where they differ; `NONE` where no
    ///     endpoint has a node, `UNKNOWN` where one does not say
    /// @param agrees whether it is what was written
    record Actual(String client, String server, boolean agrees) {}
}
