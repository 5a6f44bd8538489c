package io.countersign.policy.status;

import io.countersign.events.DistributionCodec;
import io.countersign.events.RecordOrigin;
import io.countersign.events.UnreadableRecord;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.outbox.Outbox;
import io.countersign.policy.object.DistributedCondition;
import io.countersign.policy.storage.ObjectStore;
import io.countersign.policy.storage.WriteResult;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the distributor says about a generation becomes the object's condition. A record may come twice and late.
/// One record at a time, in order: the channel's concurrency is 1.
@ApplicationScoped
class DistributionConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(DistributionConsumer.class);
    private static final Duration RETRY_MAX = Duration.ofSeconds(5);
    private static final Duration RETRY_FIRST = Duration.ofMillis(50);

    private final ObjectStore store;
    private final Outbox outbox;
    private final InstantSource clock;

    DistributionConsumer(ObjectStore store, Outbox outbox, InstantSource clock) {
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Incoming("distribution")
    @RunOnVirtualThread
    void consume(ConsumerRecord<String, byte[]> said) throws InterruptedException {
        var status = read(said);
        if (status.isPresent()) {
            storeInTheEnd(status.get(), judged(said));
        }
    }

    /// The history that the judged generation is of; empty where an older distributor did not say.
    private static Optional<String> judged(ConsumerRecord<String, byte[]> said) {
        return Optional.ofNullable(said.headers().lastHeader(RecordOrigin.HISTORY))
                .flatMap(header -> RecordOrigin.text(header.value()));
    }

    /// A record that cannot be read leaves the condition as it was: an older truth about an older generation shows
    /// by its `observedGeneration`.
    private static Optional<DistributionStatus> read(ConsumerRecord<String, byte[]> said) {
        if (said.value() == null) {
            return Optional.empty();
        }
        try {
            return ResourceKey.parse(said.key()).map(key -> DistributionCodec.decode(key, said.value()));
        } catch (UnreadableRecord | InvalidInput e) {
            LOG.atError()
                    .addKeyValue("topic", said.topic())
                    .addKeyValue("offset", said.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("distribution record not readable");
            return Optional.empty();
        }
    }

    /// Tries for as long as the database is away or in doubt; the consumer's position waits with it.
    private void storeInTheEnd(DistributionStatus status, Optional<String> judged) throws InterruptedException {
        var wait = RETRY_FIRST;
        while (!stored(status, judged)) {
            Thread.sleep(wait);
            wait = wait.compareTo(RETRY_MAX) < 0 ? wait.multipliedBy(2) : RETRY_MAX;
        }
    }

    /// False when another writer was faster, the database is away, or it is not the one that wrote what was judged.
    private boolean stored(DistributionStatus status, Optional<String> judged) {
        try {
            var own = outbox.history();
            if (own.isEmpty()) {
                return false;
            }
            if (judged.isPresent() && !judged.equals(own)) {
                // Another history's generation may have the same number.
                return true;
            }
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var result = store.updateConditions(
                    status.resource(), object -> DistributedCondition.after(status, object, now));
            return !(result instanceof WriteResult.Overtaken);
        } catch (RuntimeException e) {
            // A database that dies shows itself in the types of many layers, a commit's above all. Whatever it was:
            // what left this method would end the channel for good.
            LOG.atWarn().addKeyValue("reason", e.toString()).log("condition not stored, will try again");
            return false;
        }
    }
}
