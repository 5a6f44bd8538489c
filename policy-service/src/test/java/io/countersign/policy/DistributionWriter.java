package io.countersign.policy;

import io.countersign.events.DistributionCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.DistributionStatus.Verdict;
import io.countersign.mesh.resource.ResourceKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Stands in for the distributor.
final class DistributionWriter {
    private DistributionWriter() {}

    static void say(ResourceKey key, String uid, long generation, Verdict verdict) {
        var status = new DistributionStatus(
                key, uid, generation, "topic", 1, verdict, "SaidByTest", "in force on 1 node", 1, 1, List.of());
        Map<String, Object> properties = Map.of("bootstrap.servers", PolicyEnvironment.broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            TopicCatalogue.DISTRIBUTION.name(), key.toString(), DistributionCodec.encode(status)))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
