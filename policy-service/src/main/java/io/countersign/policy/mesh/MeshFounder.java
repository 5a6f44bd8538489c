package io.countersign.policy.mesh;

import io.countersign.events.ResourceCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.outbox.Outbox;
import io.countersign.outbox.TopicOwner;
import io.countersign.policy.storage.ObjectStore;
import io.countersign.policy.storage.WriteResult;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Founds the mesh at the first start of all: its record, which comes before everything else on the topic, and its
/// first objects. Later starts keep what was settled, and say so when the configuration differs.
@ApplicationScoped
class MeshFounder implements TopicOwner {
    private static final Logger LOG = LoggerFactory.getLogger(MeshFounder.class);

    private final MeshPlan plan;
    private final MeshRepository meshes;
    private final ObjectStore objects;
    private final Outbox outbox;

    MeshFounder(MeshPlan plan, MeshRepository meshes, ObjectStore objects, Outbox outbox) {
        this.plan = plan;
        this.meshes = meshes;
        this.objects = objects;
        this.outbox = outbox;
    }

    @Transactional
    void found(@Observes StartupEvent event) {
        if (meshes.count() > 0) {
            follow(meshes.findAll().firstResult());
            return;
        }
        // The number is the lock against another replica's first start.
        var sequence = outbox.nextSequence();
        if (meshes.count() > 0) {
            return;
        }
        var row = new MeshRow();
        row.meshId = UUID.randomUUID();
        row.trustDomain = plan.trustDomain().name();
        row.rootNamespace = plan.rootNamespace();
        row.defaultMode = plan.defaultMode().name();
        row.autoMtls = plan.autoMtls();
        meshes.persist(row);
        publish(sequence, row);
        for (var manifest : plan.firstObjects()) {
            if (!(objects.create(manifest, false) instanceof WriteResult.Stored)) {
                throw new IllegalStateException(manifest.key() + ": not created (expected: an empty database)");
            }
        }
        LOG.atInfo()
                .addKeyValue("trustDomain", plan.trustDomain().name())
                .addKeyValue("rootNamespace", plan.rootNamespace())
                .log("mesh founded");
    }

    @Override
    public String topic() {
        return TopicCatalogue.RESOURCES.name();
    }

    @Override
    @Transactional
    public Set<String> keys() {
        if (meshes.count() == 0) {
            return Set.of();
        }
        var keys = new HashSet<>(objects.keys());
        keys.add(TopicCatalogue.MESH_KEY);
        return keys;
    }

    /// The mesh's record comes first again, then every object.
    @Override
    @Transactional
    public void republish() {
        var sequence = outbox.nextSequence();
        var settled = meshes.findAll().firstResult();
        if (settled != null) {
            publish(sequence, settled);
            objects.republish();
        }
    }

    /// Automatic mutual TLS is a switch; everything else was settled.
    private void follow(MeshRow settled) {
        requireSamePlan(settled);
        if (settled.autoMtls != plan.autoMtls()) {
            settled.autoMtls = plan.autoMtls();
            publish(outbox.nextSequence(), settled);
            LOG.atInfo().addKeyValue("autoMtls", plan.autoMtls()).log("automatic mutual TLS switched");
        }
    }

    private void publish(long sequence, MeshRow row) {
        var settings = new MeshSettings(
                row.meshId.toString(),
                new TrustDomain(row.trustDomain),
                row.rootNamespace,
                MtlsMode.valueOf(row.defaultMode),
                row.autoMtls);
        outbox.append(
                sequence, TopicCatalogue.RESOURCES.name(), TopicCatalogue.MESH_KEY, ResourceCodec.encode(settings));
    }

    /// The trust domain and the root namespace are part of what every node was told; changing them needs more than
    /// another line of configuration.
    private void requireSamePlan(MeshRow settled) {
        if (!settled.trustDomain.equals(plan.trustDomain().name())
                || !settled.rootNamespace.equals(plan.rootNamespace())) {
            throw new IllegalStateException("mesh: trust domain %s, root namespace %s (expected, as founded: %s, %s)"
                    .formatted(
                            plan.trustDomain().name(),
                            plan.rootNamespace(),
                            settled.trustDomain,
                            settled.rootNamespace));
        }
    }
}
