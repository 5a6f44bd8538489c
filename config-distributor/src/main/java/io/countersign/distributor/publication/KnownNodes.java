package io.countersign.distributor.publication;

import io.countersign.events.KnownNodeCodec.KnownNode;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The nodes of the mesh as they stand on a topic of the distributor's own. So they are awaited also when their reports
/// are lost and every replica begins anew at once. Owned by one thread.
final class KnownNodes {
    /// What the topic said when it was read, until it is taken up.
    private final Map<NodeId, NodeReport> read = new HashMap<>();
    private final Map<NodeId, KnownNode> written = new HashMap<>();
    /// What the topic does not say yet; empty for a node that is gone.
    private final Map<NodeId, Optional<NodeReport>> due = new TreeMap<>();

    /// What the topic says.
    void read(NodeId node, Optional<NodeReport> known) {
        known.ifPresentOrElse(
                report -> {
                    read.put(node, report);
                    written.put(node, KnownNode.of(report));
                },
                () -> {
                    read.remove(node);
                    written.remove(node);
                });
    }

    /// The nodes that the topic named, once.
    Collection<NodeReport> take() {
        var taken = List.copyOf(read.values());
        read.clear();
        return taken;
    }

    /// A node has reported.
    void reported(NodeReport report) {
        if (KnownNode.of(report).equals(written.get(report.node()))) {
            due.remove(report.node());
        } else {
            due.put(report.node(), Optional.of(report));
        }
    }

    void forgotten(NodeId node) {
        if (written.containsKey(node)) {
            due.put(node, Optional.empty());
        } else {
            due.remove(node);
        }
    }

    boolean isDue() {
        return !due.isEmpty();
    }

    void write(Transaction transaction) {
        due.forEach(transaction::known);
    }

    /// All that was due is on the topic.
    void written() {
        due.forEach((node, known) ->
                known.ifPresentOrElse(report -> written.put(node, KnownNode.of(report)), () -> written.remove(node)));
        due.clear();
    }
}
