package io.countersign.distributor.projection;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.projection.MeshEvent;
import io.countersign.mesh.projection.MeshEvent.MeshDefined;
import io.countersign.mesh.projection.MeshEvent.NodeForgotten;
import io.countersign.mesh.projection.MeshEvent.NodeReported;
import io.countersign.mesh.projection.MeshEvent.ResourceApplied;
import io.countersign.mesh.projection.MeshEvent.ResourceDeleted;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.projection.Projection;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The state as the topics give it, fact by fact, and what the facts alone cannot say: whether their order can be
/// trusted, and which nodes are gone. Owned by one thread.
public final class MeshFold {
    private final SequenceGuard sequences = new SequenceGuard();
    private final WithdrawnWorkloads withdrawn = new WithdrawnWorkloads();
    private final SortedSet<NodeId> gone = new TreeSet<>();
    private MeshState state = MeshState.EMPTY;
    private boolean ordered;
    private boolean otherMesh;

    /// Folds one fact.
    ///
    /// @return the config keys that may have to change; empty when the fact had been folded before
    /// @throws OrderDoubtful when the fact belongs to another mesh or another history
    public Optional<SortedSet<ConfigKey>> fold(MeshEvent event) {
        if (event instanceof ResourceApplied(var resource)) {
            if (sequences.isRepeat(resource)) {
                return Optional.empty();
            }
            sequences.accept(resource);
            if (ordered) {
                sequences.requireOrdered();
            }
        }
        if (event instanceof MeshDefined(var settings)) {
            requireSameMesh(settings);
        }
        var before = state;
        state = before.apply(event);
        watchNodes(before, event);
        return Optional.of(Projection.affected(before, state, event));
    }

    /// From now on every record must come in its order.
    ///
    /// @throws OrderDoubtful when what was read so far ended out of order
    public void requireOrder() {
        sequences.requireOrdered();
        ordered = true;
    }

    /// Another history was adopted: it may be that of another mesh, where the database of the first one was lost.
    public void beginHistory() {
        otherMesh = true;
    }

    public MeshState state() {
        return state;
    }

    /// Nodes that were found to be gone since the last call.
    public SortedSet<NodeId> takeGone() {
        var taken = new TreeSet<>(gone);
        gone.clear();
        return taken;
    }

    private void requireSameMesh(MeshSettings settings) {
        var expected = otherMesh ? Optional.<MeshSettings>empty() : state.settings();
        otherMesh = false;
        expected.ifPresent(known -> {
            if (!known.meshId().equals(settings.meshId())) {
                throw new OrderDoubtful("mesh id: " + settings.meshId() + " (expected: " + known.meshId() + ")");
            }
        });
    }

    private void watchNodes(MeshState before, MeshEvent event) {
        switch (event) {
            case ResourceApplied(var resource) -> workload(resource.key()).ifPresent(withdrawn::remove);
            case ResourceDeleted(var key) ->
                workload(key).ifPresent(workload -> {
                    withdrawn.add(workload);
                    var serving = before.served().get(workload);
                    if (serving != null) {
                        serving.forEach(this::forgetIfGone);
                    }
                });
            case NodeReported(var report) -> forgetIfGone(report.node());
            case NodeForgotten(var node) -> gone.remove(node);
            case MeshDefined _ -> {}
        }
    }

    private void forgetIfGone(NodeId node) {
        var report = state.reports().get(node);
        if (report != null && withdrawn.leaveNothingOf(report)) {
            gone.add(node);
        } else {
            gone.remove(node);
        }
    }

    private static Optional<ConfigKey> workload(ResourceKey key) {
        return key.type() == ResourceType.WORKLOAD_ENTRY
                ? Optional.of(ConfigKey.workload(key.namespace(), key.name()))
                : Optional.empty();
    }
}
