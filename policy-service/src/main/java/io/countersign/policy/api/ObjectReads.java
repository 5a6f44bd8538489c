package io.countersign.policy.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.ObjectWriter;
import io.countersign.policy.object.StoredObject;
import io.countersign.policy.storage.Listing;
import io.countersign.policy.storage.ObjectStore;
import io.countersign.policy.storage.Selection;
import io.countersign.policy.table.TableWriter;
import io.countersign.policy.watch.WatchHub;
import io.countersign.policy.watch.WatchStream;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Answers to GET: an object, a list, a table of either, a watch.
@Singleton
class ObjectReads {
    private static final Duration WATCH_MAX = Duration.ofHours(1);

    private final ObjectStore store;
    private final WatchHub hub;
    private final InstantSource clock;

    ObjectReads(ObjectStore store, WatchHub hub, InstantSource clock) {
        this.store = store;
        this.hub = hub;
        this.clock = clock;
    }

    ObjectNode get(ApiPath path, String name, String accept) {
        var object = store.find(key(path, name)).orElseThrow(() -> RefusedRequest.notFound(path.type(), name));
        return rendering(path, accept).apply(object);
    }

    ObjectNode list(ApiPath path, ListQuery query, String accept) {
        var listing = store.list(selection(path, query));
        return TableWriter.isWanted(accept)
                ? TableWriter.write(path.type(), listing.objects(), listing.sequence(), clock.instant())
                : list(path, listing);
    }

    /// @param gone whether the client has closed its connection
    WatchStream watch(ApiPath path, ListQuery query, String accept, BooleanSupplier gone) {
        var timeout =
                query.timeout().filter(asked -> asked.compareTo(WATCH_MAX) < 0).orElse(WATCH_MAX);
        var request = new WatchStream.Request(
                selection(path, query), query.fromSequence(), timeout, rendering(path, accept), gone);
        return new WatchStream(store, hub, request);
    }

    static ResourceKey key(ApiPath path, String name) {
        return ResourceKey.of(path.type(), path.namespaceOrEmpty(), name);
    }

    private Function<StoredObject, ObjectNode> rendering(ApiPath path, String accept) {
        return TableWriter.isWanted(accept)
                ? object -> TableWriter.write(path.type(), List.of(object), object.sequence(), clock.instant())
                : object -> ObjectWriter.write(object, path.version());
    }

    Selection selection(ApiPath path, ListQuery query) {
        var fields = query.fields();
        var namespace = path.namespace().or(fields::namespace);
        var labels = query.labels();
        // Two different namespaces, in the path and in the selector, select nothing.
        var contradiction = path.namespace().isPresent()
                && fields.namespace().isPresent()
                && !path.namespace().equals(fields.namespace());
        return new Selection(
                path.type(),
                path.type().namespaced() ? namespace : Optional.empty(),
                path.name().or(fields::name),
                object -> !contradiction && labels.test(object.labels()));
    }

    private static ObjectNode list(ApiPath path, Listing listing) {
        var list = Json.object()
                .put("apiVersion", ObjectWriter.apiVersion(path.type(), path.version()))
                .put("kind", path.type().kind() + "List");
        list.putObject("metadata").put("resourceVersion", Long.toString(listing.sequence()));
        var items = list.putArray("items");
        listing.objects().forEach(object -> items.add(ObjectWriter.write(object, path.version())));
        return list;
    }
}
