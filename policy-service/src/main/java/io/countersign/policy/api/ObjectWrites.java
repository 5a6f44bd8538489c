package io.countersign.policy.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusObject;
import io.countersign.policy.failure.StatusReason;
import io.countersign.policy.mesh.MeshPlan;
import io.countersign.policy.object.Manifest;
import io.countersign.policy.object.ManifestReader;
import io.countersign.policy.object.ManifestReader.Read;
import io.countersign.policy.object.ObjectWriter;
import io.countersign.policy.object.StoredObject;
import io.countersign.policy.storage.ObjectStore;
import io.countersign.policy.storage.Selection;
import io.countersign.policy.storage.WriteResult;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// POST, PUT, PATCH and DELETE.
@Singleton
class ObjectWrites {
    /// A writer who is overtaken this often gets a conflict; each attempt reads the newest state.
    private static final int ATTEMPTS = 8;

    private final ObjectStore store;
    private final Set<String> lastingNamespaces;

    ObjectWrites(ObjectStore store, MeshPlan mesh) {
        this.store = store;
        this.lastingNamespaces = mesh.firstNamespaces();
    }

    ObjectNode create(ApiPath path, JsonNode body, boolean dryRun) {
        if (path.type().namespaced() && path.namespace().isEmpty()) {
            throw RefusedRequest.of(StatusReason.METHOD_NOT_ALLOWED, "an object is created in a namespace");
        }
        var manifest = read(path, body);
        return ObjectWriter.write(done(path, manifest.key(), store.create(manifest, dryRun)), path.version());
    }

    ObjectNode replace(ApiPath path, String name, JsonNode body, boolean dryRun) {
        var manifest = read(path, body);
        return update(path, name, dryRun, current -> {
            requireSeen(current, manifest.uid(), manifest.sequence());
            return manifest;
        });
    }

    ObjectNode patch(ApiPath path, String name, PatchType type, JsonNode patch, boolean dryRun) {
        return update(path, name, dryRun, current -> {
            var manifest = read(path, type.apply(ObjectWriter.write(current, path.version()), patch));
            // Both are the present ones, unless the patch says otherwise.
            requireSeen(current, manifest.uid(), manifest.sequence());
            return manifest;
        });
    }

    ObjectNode delete(ApiPath path, String name, DeleteOptions options, boolean dryRun) {
        var key = ObjectReads.key(path, name);
        var deleted = done(path, key, remove(key, options, dryRun));
        return StatusObject.success(path.type(), name, deleted.uid().toString());
    }

    /// Deletes one by one, as Kubernetes does.
    void deleteAll(ApiPath path, Selection selection, boolean dryRun) {
        for (var object : store.list(selection).objects()) {
            var result = remove(object.key(), DeleteOptions.NONE, dryRun);
            if (!(result instanceof WriteResult.NotFound)) {
                done(path, object.key(), result);
            }
        }
    }

    private WriteResult remove(ResourceKey key, DeleteOptions options, boolean dryRun) {
        if (key.type() == ResourceType.NAMESPACE && lastingNamespaces.contains(key.name())) {
            throw RefusedRequest.forbidden(key.type(), key.name(), "this namespace may not be deleted");
        }
        return store.delete(key, current -> requireSeen(current, options.uid(), options.resourceVersion()), dryRun);
    }

    private ObjectNode update(ApiPath path, String name, boolean dryRun, Function<StoredObject, Manifest> change) {
        var key = ObjectReads.key(path, name);
        WriteResult result = new WriteResult.Overtaken();
        for (int attempt = 0; attempt < ATTEMPTS && result instanceof WriteResult.Overtaken; attempt++) {
            result = store.update(key, change, dryRun);
        }
        return ObjectWriter.write(done(path, key, result), path.version());
    }

    private static StoredObject done(ApiPath path, ResourceKey key, WriteResult result) {
        return switch (result) {
            case WriteResult.Stored(var object) -> object;
            case WriteResult.Unchanged(var object) -> object;
            case WriteResult.NotFound _ -> throw RefusedRequest.notFound(path.type(), key.name());
            case WriteResult.AlreadyExists _ -> throw RefusedRequest.alreadyExists(key);
            case WriteResult.NamespaceMissing(var namespace) ->
                throw RefusedRequest.notFound(ResourceType.NAMESPACE, namespace);
            case WriteResult.Overtaken _ -> throw modified(key);
        };
    }

    private static Manifest read(ApiPath path, JsonNode body) {
        var where = new ManifestReader.Where(path.type(), path.version(), path.namespaceOrEmpty(), path.name());
        return switch (ManifestReader.read(body, where)) {
            case Read.Valid(var manifest) -> manifest;
            case Read.Invalid(var name, var problems) -> throw RefusedRequest.invalid(path.type(), name, problems);
            case Read.Mismatch(var message) -> throw RefusedRequest.of(StatusReason.BAD_REQUEST, message);
        };
    }

    private static void requireSeen(StoredObject current, Optional<String> uid, Optional<String> resourceVersion) {
        if (uid.isPresent() && !uid.get().equals(current.uid().toString())) {
            throw RefusedRequest.conflict(
                    current.key(),
                    "Precondition failed: UID in precondition: " + uid.get() + ", UID in object meta: "
                            + current.uid());
        }
        if (resourceVersion.isPresent() && !resourceVersion.get().equals(Long.toString(current.sequence()))) {
            throw modified(current.key());
        }
    }

    private static RefusedRequest modified(ResourceKey key) {
        return RefusedRequest.conflict(
                key, "the object has been modified; please apply your changes to the latest version and try again");
    }
}
