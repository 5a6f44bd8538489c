package io.countersign.distributor.publication;

import io.countersign.distributor.distribution.ConfigPosition;
import io.countersign.distributor.distribution.DistributionLedger;
import io.countersign.distributor.projection.ConfigChanges;
import io.countersign.distributor.projection.ConfigProjection;
import io.countersign.distributor.projection.Confirmations;
import io.countersign.distributor.projection.Input.Fact;
import io.countersign.distributor.projection.Input.Irrelevant;
import io.countersign.distributor.projection.Input.LastConfig;
import io.countersign.distributor.projection.Input.LastNode;
import io.countersign.distributor.projection.Input.LastStatus;
import io.countersign.distributor.projection.Input.Report;
import io.countersign.distributor.projection.Input.ReportRemoved;
import io.countersign.distributor.projection.Input.Trust;
import io.countersign.distributor.projection.Input.Unreadable;
import io.countersign.distributor.projection.InputDecoder;
import io.countersign.distributor.projection.MeshFold;
import io.countersign.distributor.projection.OrderDoubtful;
import io.countersign.distributor.projection.RejectedRecords;
import io.countersign.distributor.projection.ResourceHistories;
import io.countersign.distributor.projection.SealedReports;
import io.countersign.distributor.projection.UnreadableResources;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.projection.MeshEvent;
import io.countersign.mesh.projection.MeshEvent.ResourceApplied;
import io.countersign.mesh.projection.MeshEvent.ResourceDeleted;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.projection.Projection;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// The distributor without its bus: records go in, and what must be published comes out, one step after the other.
/// It holds everything that a distributor knows, and is made anew from the topics when a step fails.
/// Owned by one thread.
public final class DistributorEngine {
    private final MeshFold mesh = new MeshFold();
    private final ResourceHistories histories = new ResourceHistories();
    /// Of which history a resource was that a status on the topic tells of.
    private final Map<ResourceKey, Optional<String>> judged = new HashMap<>();
    private final ConfigProjection config;
    private final boolean publishes;
    private final UnreadableResources unreadable = new UnreadableResources();
    private final RejectedRecords rejected = new RejectedRecords();
    private final SealedReports reports = new SealedReports(rejected);
    private final DistributionLedger ledger;
    /// Nodes whose record was removed from the topic, by whomever.
    private final Set<NodeId> removed = new HashSet<>();
    /// Nodes that were forgotten, whose records are to be removed.
    private final Set<NodeId> gone = new TreeSet<>();

    private final KnownNodes nodes = new KnownNodes();

    /// What was known before all had to be read anew, until it is taken up.
    private DistributorSnapshot before = DistributorSnapshot.EMPTY;
    private PMap<NodeId, Instant> heard = HashTreePMap.empty();
    private Optional<ConfigPosition> configPosition = Optional.empty();
    /// Of the last step, where no report has changed since.
    private Optional<Confirmations> confirmations = Optional.empty();

    /// @param transitionMax how long a step of a mode change waits for nodes
    public DistributorEngine(Duration progressInterval, Duration transitionMax) {
        this(progressInterval, transitionMax, true);
    }

    private DistributorEngine(Duration progressInterval, Duration transitionMax, boolean publishes) {
        this.publishes = publishes;
        this.ledger = new DistributionLedger(progressInterval);
        this.config = new ConfigProjection(transitionMax);
    }

    /// One that only knows: it is never asked to [#step], and keeps nothing for that.
    public static DistributorEngine standingBy() {
        return new DistributorEngine(Duration.ZERO, Duration.ZERO, false);
    }

    /// Takes up the nodes that were known before all had to be read anew: the topic that they report on may have been
    /// lost. Each counts with its last report until it reports again or is gone. Only before the first record.
    public void remember(DistributorSnapshot known) {
        before = known;
    }

    /// Folds one record.
    ///
    /// @throws OrderDoubtful when nothing may be published from these topics any more
    /// @throws HistoryChanged when all must be read anew
    public void fold(FollowedRecord followed) {
        if (followed.topic().equals(TopicCatalogue.RESOURCES.name()) && histories.begins(followed)) {
            if (configPosition.isPresent()) {
                throw new HistoryChanged(followed);
            }
            mesh.beginHistory();
        }
        var input = InputDecoder.decode(followed);
        if (input instanceof Unreadable(var resource, var reason)) {
            rejected.add(followed, reason);
            resource.filter(key -> mesh.state().resource(key).isEmpty()).ifPresent(unreadable::add);
            return;
        }
        if (input instanceof Report(var node, var sealed)) {
            reports.add(node, sealed);
            return;
        }
        rejected.heal(followed);
        switch (input) {
            case ReportRemoved(var node) -> {
                if (reports.isWaiting(node) || mesh.state().reports().containsKey(node)) {
                    removed.add(node);
                }
            }
            case Fact(var event) -> fold(event);
            case Trust(var bundle) -> reports.trust(bundle);
            // Once we write, the topics say what we know already.
            case LastConfig(var key, var value, var position)
            when publishes && configPosition.isEmpty() -> config.known(key, value, position);
            case LastConfig later -> configPosition = configPosition.map(end -> end.upTo(later.position()));
            case LastStatus(var key, var status)
            when publishes && configPosition.isEmpty() -> {
                ledger.known(key, status);
                judged.put(key, followed.history());
            }
            case LastNode(var node, var known) when publishes && configPosition.isEmpty() -> nodes.read(node, known);
            case LastNode _, LastStatus _, Report _, Irrelevant _, Unreadable _ -> {}
        }
    }

    /// A record's key cannot be read, on a topic where that does no harm.
    public void rejectKey(String topic, long offset) {
        rejected.add(new FollowedRecord(topic, "", null, offset), "its key is no text (expected: UTF-8)");
    }

    /// Everything that the topics held when we became the one writer has been folded.
    ///
    /// @param position the end of the config topic
    /// @throws OrderDoubtful when the resources do not end in their order
    public void caughtUp(ConfigPosition position) {
        mesh.requireOrder();
        histories.requireOne();
        configPosition = Optional.of(position);
        if (!publishes) {
            return;
        }
        config.touchAll(mesh.state());
        mesh.state().resources().values().forEach(resource -> {
            var event = new ResourceApplied(resource);
            if (!histories.isCurrent(judged.getOrDefault(resource.key(), Optional.empty()))) {
                // Another history's generation may have the same number.
                ledger.known(resource.key(), Optional.empty());
            }
            ledger.resume(resource, Projection.affected(mesh.state(), mesh.state(), event), position.topicId());
        });
        ledger.resumed(unreadable::contains);
        judged.clear();
    }

    /// Publishes what follows from the records that were folded since the last step, and what time has made due.
    /// Nothing is published before everything was read, nor without a mesh record.
    public void step(Instant now, Publisher publisher) {
        observe(now);
        if (whyNotPublishing().isPresent()) {
            return;
        }
        var topicId = configPosition.orElseThrow().topicId();
        var confirmed = confirmations
                .flatMap(known -> known.still(mesh.state(), topicId, now))
                .orElseGet(() -> Confirmations.of(mesh.state(), topicId, now));
        confirmations = Optional.of(confirmed);
        var changes = config.changes(mesh.state(), unreadable::hold, confirmed, now);
        if (changes.writes().isEmpty() && gone.isEmpty() && !nodes.isDue()) {
            settle(changes, now);
            publishStatuses(confirmed, publisher);
        } else {
            publisher.publish(transaction -> write(changes, confirmed, transaction));
            gone.clear();
            nodes.written();
        }
    }

    /// Takes in the reports that were folded since the last step; a replica that stands by does no more.
    public void observe(Instant now) {
        if (configPosition.isEmpty()) {
            mesh.state().settings().ifPresent(settings -> reports.sift(settings.trustDomain(), now));
            return;
        }
        mesh.state().settings().ifPresent(this::recall);
        mesh.state()
                .settings()
                .map(settings -> reports.open(settings.trustDomain(), now))
                .orElseGet(List::of)
                .forEach(report -> {
                    heard = heard.plus(report.node(), now);
                    fold(new MeshEvent.NodeReported(report));
                });
        forgetGone();
    }

    /// Forgets the nodes whose workloads were withdrawn. That a record was removed says nothing, since anybody may have
    /// done it, but for a node that serves nothing that is there: then it was one of us, earlier.
    private void forgetGone() {
        var found = new ArrayList<>(mesh.takeGone());
        removed.stream().filter(this::servesNothing).forEach(found::add);
        removed.removeIf(node -> !reports.isWaiting(node));
        found.forEach(node -> fold(new MeshEvent.NodeForgotten(node)));
        if (publishes) {
            gone.addAll(found);
        }
    }

    private boolean servesNothing(NodeId node) {
        var report = mesh.state().reports().get(node);
        return report != null
                && !report.workloads().isEmpty()
                && report.workloads().keySet().stream()
                        .allMatch(workload -> mesh.state()
                                .resource(new ResourceKey(
                                        ResourceType.WORKLOAD_ENTRY, workload.namespace(), workload.name()))
                                .isEmpty());
    }

    /// Another mesh's nodes are no business of this one.
    private void recall(MeshSettings settings) {
        var known = before;
        before = DistributorSnapshot.EMPTY;
        nodes.take().forEach(this::recall);
        if (known.state()
                .settings()
                .map(MeshSettings::meshId)
                .filter(settings.meshId()::equals)
                .isEmpty()) {
            return;
        }
        heard = known.heard();
        known.state().reports().values().forEach(this::recall);
    }

    private void recall(NodeReport report) {
        reports.known(report);
        fold(new MeshEvent.NodeReported(report));
    }

    /// Why nothing can be published yet; empty when it can.
    public Optional<String> whyNotPublishing() {
        if (configPosition.isEmpty()) {
            return Optional.of("the topics are being read");
        }
        if (mesh.state().settings().isEmpty()) {
            return Optional.of("%s has no readable record %s (expected: written by policy-service first)"
                    .formatted(TopicCatalogue.RESOURCES.name(), TopicCatalogue.MESH_KEY));
        }
        return Optional.empty();
    }

    /// What is known at the moment, for whoever asks.
    public DistributorSnapshot snapshot() {
        return new DistributorSnapshot(mesh.state(), configPosition, heard);
    }

    public RejectedRecords rejected() {
        return rejected;
    }

    /// Config records that are too large to be published, each told once.
    public Set<ConfigKey> takeTooLarge() {
        return config.takeTooLarge();
    }

    /// How many generations are not in force everywhere.
    public int openGenerations() {
        return ledger.openCount();
    }

    private void fold(MeshEvent event) {
        var folded = mesh.fold(event);
        folded.filter(_ -> publishes).ifPresent(config::touch);
        switch (event) {
            case ResourceApplied(var resource) -> {
                unreadable.remove(resource.key());
                if (publishes && configPosition.isPresent()) {
                    folded.ifPresent(keys -> applied(resource, keys));
                }
            }
            case ResourceDeleted(var key) -> deleted(key);
            case MeshEvent.NodeReported(var report) -> {
                nodes.reported(report);
                reported();
            }
            case MeshEvent.NodeForgotten(var node) -> {
                nodes.forgotten(node);
                reports.remove(node);
                heard = heard.minus(node);
                reported();
            }
            case MeshEvent.MeshDefined _ -> {}
        }
    }

    private void reported() {
        confirmations = Optional.empty();
        ledger.reported();
    }

    private void applied(Resource resource, SortedSet<ConfigKey> keys) {
        if (resource.key().type() == ResourceType.WORKLOAD_ENTRY) {
            keys.forEach(config::redefine);
        }
        ledger.applied(resource, keys);
    }

    private void deleted(ResourceKey key) {
        unreadable.remove(key);
        if (publishes && configPosition.isPresent()) {
            ledger.deleted(key);
        }
    }

    private void write(ConfigChanges changes, Confirmations confirmed, Transaction transaction) {
        if (!changes.writes().isEmpty()) {
            long end = transaction.config(changes.writes());
            configPosition = configPosition.map(position -> new ConfigPosition(position.topicId(), end));
            config.written(changes, end, confirmed.now());
        }
        gone.forEach(transaction::forget);
        nodes.write(transaction);
        settle(changes, confirmed.now());
        tell(ledger.due(confirmed), transaction);
    }

    private void settle(ConfigChanges changes, Instant now) {
        configPosition.ifPresent(position -> ledger.positioned(position, changes, now));
    }

    private void publishStatuses(Confirmations confirmed, Publisher publisher) {
        var due = ledger.due(confirmed);
        if (!due.isEmpty()) {
            publisher.publish(transaction -> tell(due, transaction));
        }
    }

    private void tell(Map<ResourceKey, Optional<DistributionStatus>> due, Transaction transaction) {
        due.forEach((key, status) -> transaction.status(key, status, histories.current()));
    }
}
