package io.countersign.distributor.projection;

import io.countersign.distributor.projection.Input.Fact;
import io.countersign.distributor.projection.Input.Irrelevant;
import io.countersign.distributor.projection.Input.LastConfig;
import io.countersign.distributor.projection.Input.LastNode;
import io.countersign.distributor.projection.Input.LastStatus;
import io.countersign.distributor.projection.Input.Report;
import io.countersign.distributor.projection.Input.ReportRemoved;
import io.countersign.distributor.projection.Input.Trust;
import io.countersign.distributor.projection.Input.Unreadable;
import io.countersign.events.DistributionCodec;
import io.countersign.events.KnownNodeCodec;
import io.countersign.events.ResourceCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.events.UnreadableRecord;
import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.projection.MeshEvent.MeshDefined;
import io.countersign.mesh.projection.MeshEvent.ResourceApplied;
import io.countersign.mesh.projection.MeshEvent.ResourceDeleted;
import io.countersign.mesh.resource.ResourceKey;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads the records of the topics that the distributor follows.
public final class InputDecoder {
    private InputDecoder() {}

    /// Reads one record.
    ///
    /// @throws OrderDoubtful for a key that cannot be read, but on the nodes' topic: there a node may write what it
    ///     likes, and one node must not stop the mesh
    public static Input decode(FollowedRecord followed) {
        if (followed.topic().equals(TopicCatalogue.NODES.name())) {
            return report(followed);
        }
        try {
            if (followed.topic().equals(TopicCatalogue.RESOURCES.name())) {
                return resource(followed);
            }
            if (followed.topic().equals(TopicCatalogue.TRUST.name())) {
                return trust(followed);
            }
            if (followed.topic().equals(TopicCatalogue.CONFIG.name())) {
                return config(followed);
            }
            if (followed.topic().equals(TopicCatalogue.DISTRIBUTION.name())) {
                return status(followed);
            }
        } catch (InvalidInput e) {
            throw new OrderDoubtful("key of " + followed + ": " + e.getMessage(), e);
        }
        throw new IllegalStateException("record of a topic that is not followed: " + followed);
    }

    private static Input resource(FollowedRecord followed) {
        var value = followed.value();
        if (followed.key().equals(TopicCatalogue.MESH_KEY)) {
            return value == null
                    ? new Unreadable(Optional.empty(), "mesh record: deleted (expected: there for ever)")
                    : readable(Optional.empty(), () -> new Fact(new MeshDefined(ResourceCodec.decodeMesh(value))));
        }
        var key = ResourceKey.parse(followed.key());
        if (key.isEmpty()) {
            return new Irrelevant();
        }
        return value == null
                ? new Fact(new ResourceDeleted(key.get()))
                : readable(key, () -> new Fact(new ResourceApplied(ResourceCodec.decode(key.get(), value))));
    }

    private static Input report(FollowedRecord followed) {
        return readable(Optional.empty(), () -> {
            var node = new NodeId(followed.key());
            return followed.value() == null ? new ReportRemoved(node) : new Report(node, followed);
        });
    }

    private static Input trust(FollowedRecord followed) {
        var value = followed.value();
        return value == null
                ? new Unreadable(Optional.empty(), "trust bundle: deleted (expected: there for ever)")
                : readable(Optional.empty(), () -> new Trust(TrustBundleCodec.decode(value)));
    }

    private static Input config(FollowedRecord followed) {
        var value = Optional.ofNullable(followed.value()).map(CanonicalBytes::new);
        return ConfigKey.parse(followed.key())
                .<Input>map(key -> new LastConfig(key, value, followed.offset() + 1))
                .orElseGet(Irrelevant::new);
    }

    private static Input status(FollowedRecord followed) {
        var node = KnownNodeCodec.node(followed.key());
        if (node.isPresent()) {
            var known = Optional.ofNullable(followed.value());
            return readable(
                    Optional.empty(),
                    () -> new LastNode(node.get(), known.map(value -> KnownNodeCodec.decode(node.get(), value))));
        }
        var key = ResourceKey.parse(followed.key());
        if (key.isEmpty()) {
            return new Irrelevant();
        }
        var value = followed.value();
        return value == null
                ? new LastStatus(key.get(), Optional.empty())
                : readable(
                        Optional.empty(),
                        () -> new LastStatus(key.get(), Optional.of(DistributionCodec.decode(key.get(), value))));
    }

    private static Input readable(Optional<ResourceKey> resource, Supplier<Input> read) {
        try {
            return read.get();
        } catch (UnreadableRecord | IllegalArgumentException | ArithmeticException e) {
            return new Unreadable(resource, String.valueOf(e.getMessage()));
        }
    }
}
