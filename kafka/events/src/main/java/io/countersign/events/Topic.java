package io.countersign.events;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A topic of the bus. Every topic that carries state is compacted and has one partition: one order, one number.
///
/// @param name the topic's name
/// @param key what a record's key is, for people
/// @param retention how old records are dropped or folded
/// @param writer the one role that writes it
/// @param readers the roles that read it
public record Topic(String name, String key, Retention retention, Role writer, Set<Role> readers) {
    /// The roles of processes on the bus.
    public enum Role {
        POLICY_SERVICE("policy-service"),
        CA_SERVICE("ca-service"),
        CONFIG_DISTRIBUTOR("config-distributor"),
        /// Every data-plane process; its user is `node-<node id>`.
        NODE("node-");

        private final String user;

        Role(String user) {
            this.user = user;
        }

        /// The user's name, and for nodes its prefix.
        public String user() {
            return user;
        }
    }

    /// What is kept of a topic.
    public enum Retention {
        /// The newest record of every key, for ever; tombstones for seven days.
        COMPACTED,
        /// Every record, for ten years.
        LOG
    }

    /// How long a compacted topic shows that a key was deleted.
    public static final Duration TOMBSTONES_KEPT = Duration.ofDays(7);

    private static final Duration LOG_KEPT = Duration.ofDays(3653);

    public Topic {
        readers = Set.copyOf(readers);
    }

    /// Whether a role may write: the writer, and on [TopicCatalogue#NODES] the distributor too, which takes back the
    /// reports of nodes that are gone.
    public boolean isWrittenBy(Role role) {
        return role == writer || (role == Role.CONFIG_DISTRIBUTOR && writer == Role.NODE);
    }

    /// The one partition.
    public static final int PARTITION = 0;

    /// The topic's settings as Kafka names them.
    ///
    /// @param replicas of the partition: 3 on a cluster, 1 on one machine
    public Map<String, String> settings(int replicas) {
        var minInSync = Integer.toString(Math.max(1, replicas - 1));
        var common = Map.of("min.insync.replicas", minInSync, "unclean.leader.election.enable", "false");
        var kept = switch (retention) {
            case COMPACTED ->
                Map.of("cleanup.policy", "compact", "delete.retention.ms", Long.toString(TOMBSTONES_KEPT.toMillis()));
            case LOG -> Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(LOG_KEPT.toMillis()));
        };
        var all = new TreeMap<>(common);
        all.putAll(kept);
        return Map.copyOf(all);
    }

    /// The prefix of the transactional ids with which the writer's role writes; empty for nodes, which use none.
    public Optional<String> transactionalId() {
        return writer == Role.NODE ? Optional.empty() : Optional.of("countersign-" + writer.user());
    }
}
