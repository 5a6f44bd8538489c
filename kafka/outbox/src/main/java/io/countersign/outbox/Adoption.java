package io.countersign.outbox;

import io.countersign.outbox.AdoptionReport.Difference;
import io.countersign.outbox.AdoptionReport.Effect;
import io.countersign.outbox.HistoryGuard.Standing;
import io.countersign.outbox.PublishedTopics.PublishedRecord;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes this database, as it stands, what its topics say: an administrator's decision after a restore. The numbers go
/// on above the topics' highest, a new history begins, all is published again, and what only the topics hold is
/// withdrawn; it becomes visible in one transaction of the bus.
///
/// Should somebody else publish meanwhile, the relay sees another end of the topic than the one that was adopted, and
/// publishes nothing: then it has to be decided again.
///
/// Both methods read the topics whole, in a transaction of their own that holds up other writers for as long. They
/// throw what the bus or the database throws when it is away; then nothing was changed. For any thread that may block.
@Singleton
public class Adoption {
    private static final Logger AUDIT = LoggerFactory.getLogger("io.countersign.outbox.audit");

    private final OutboxTable table;
    private final RelayThread relay;
    private final Map<String, Object> bus;
    private final Instance<TopicOwner> owners;

    Adoption(
            OutboxTable table,
            RelayThread relay,
            @Identifier("default-kafka-broker") Map<String, Object> bus,
            Instance<TopicOwner> owners) {
        this.table = table;
        this.relay = relay;
        this.bus = bus;
        this.owners = owners;
    }

    /// What an adoption would change; changes nothing.
    public AdoptionReport preview() {
        QuarkusTransaction.begin();
        try {
            return adoptInTransaction(false);
        } finally {
            QuarkusTransaction.rollback();
        }
    }

    /// Adopts; when it returns it is decided, and published as soon as the bus takes it. Where the topics are this
    /// database's there is nothing to decide, and this is a [#preview].
    ///
    /// @param who decides, for the audit log
    public AdoptionReport adopt(String who) {
        if (!(relay.standing() instanceof Standing.Doubtful)) {
            return preview();
        }
        var report = QuarkusTransaction.requiringNew().call(() -> adoptInTransaction(true));
        AUDIT.atWarn()
                .addKeyValue("peer", who)
                .addKeyValue("history", report.history())
                .addKeyValue("differences", report.differences().size())
                .log("history adopted");
        relay.nudge();
        return report;
    }

    private AdoptionReport adoptInTransaction(boolean forGood) {
        // The lock first: what is read and what is written from here on is one state.
        table.nextSequence();
        var before = table.lineage();
        var owned = owners.stream().toList();
        var names = owned.stream().map(TopicOwner::topic).toList();
        var held = new LinkedHashMap<String, List<PublishedRecord>>();
        try (var topics = new ConsumedTopics(bus)) {
            Stream.concat(names.stream(), before.published().keySet().stream())
                    .distinct()
                    .forEach(topic -> held.put(topic, topics.all(topic)));
        }
        if (forGood) {
            held.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(AdoptedContent::number)
                    .max()
                    .ifPresent(table::raise);
        }
        table.forgetUnpublished(names);
        owned.forEach(owner -> owner.adopt(held.getOrDefault(owner.topic(), List.of()).stream()
                .mapToLong(AdoptedContent::number)
                .max()
                .orElse(0)));
        var differences = withdraw(names, held);
        held.forEach((topic, records) -> table.accept(
                topic, records.isEmpty() ? Optional.empty() : records.getLast().origin()));
        table.beginHistory(table.nextSequence());
        var doubt = relay.standing() instanceof Standing.Doubtful(var reason) ? reason : "";
        return new AdoptionReport(table.lineage().history().toString(), doubt, differences);
    }

    /// Appends a tombstone for whatever only a topic holds.
    private List<Difference> withdraw(List<String> names, Map<String, List<PublishedRecord>> held) {
        var differences = new ArrayList<Difference>();
        var waiting = table.waiting(names);
        for (var topic : names) {
            var own = new LinkedHashMap<String, OutboxRecord>();
            waiting.stream().filter(each -> each.topic().equals(topic)).forEach(each -> own.put(each.key(), each));
            var theirs = AdoptedContent.live(held.getOrDefault(topic, List.of()));
            own.forEach((key, row) -> {
                var other = theirs.get(key);
                if (other == null) {
                    differences.add(new Difference(topic, key, Effect.ADDED));
                } else if (!AdoptedContent.isSame(row.value(), other)) {
                    differences.add(new Difference(topic, key, Effect.CHANGED));
                }
            });
            theirs.keySet().stream().filter(key -> !own.containsKey(key)).forEach(key -> {
                differences.add(new Difference(topic, key, Effect.WITHDRAWN));
                table.insert(new OutboxRecord(table.nextSequence(), topic, key, null));
            });
        }
        return differences;
    }
}
