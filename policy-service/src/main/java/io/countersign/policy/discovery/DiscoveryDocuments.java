package io.countersign.policy.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Json;
import java.util.List;

/// The documents of Kubernetes' discovery, in its old form (one a version) and aggregated.
final class DiscoveryDocuments {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private DiscoveryDocuments() {}

    static ObjectNode apiVersions() {
        var document = Json.object().put("kind", "APIVersions");
        document.putArray("versions").add("v1");
        document.putArray("serverAddressByClientCIDRs");
        return document;
    }

    static ObjectNode groupList() {
        var document = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = document.putArray("groups");
        ApiGroup.ALL.stream().filter(group -> !group.isCore()).forEach(group -> groups.add(group(group)));
        return document;
    }

    static ObjectNode singleGroup(ApiGroup group) {
        return group(group).put("kind", "APIGroup").put("apiVersion", "v1");
    }

    private static ObjectNode group(ApiGroup group) {
        var node = Json.object().put("name", group.name());
        var versions = node.putArray("versions");
        group.versions().keySet().forEach(version -> versions.add(version(group, version)));
        node.set("preferredVersion", versions.get(0));
        return node;
    }

    private static ObjectNode version(ApiGroup group, String version) {
        return Json.object().put("groupVersion", group.qualified(version)).put("version", version);
    }

    static ObjectNode resourceList(ApiGroup group, String version) {
        var document = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.qualified(version));
        var resources = document.putArray("resources");
        for (var type : group.versions().getOrDefault(version, List.of())) {
            var resource = resources
                    .addObject()
                    .put("name", type.plural())
                    .put("singularName", type.singular())
                    .put("namespaced", type.namespaced())
                    .put("kind", type.kind());
            addTexts(resource, "verbs", VERBS);
            addTexts(resource, "shortNames", type.shortNames());
        }
        return document;
    }

    /// All groups of one root in one document.
    ///
    /// @param core true for `/api`, false for `/apis`
    /// @param version of `apidiscovery.k8s.io`
    static ObjectNode aggregated(boolean core, String version) {
        var document =
                Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/" + version);
        document.putObject("metadata");
        var items = document.putArray("items");
        ApiGroup.ALL.stream().filter(group -> group.isCore() == core).forEach(group -> addAggregated(items, group));
        return document;
    }

    private static void addAggregated(ArrayNode items, ApiGroup group) {
        var item = items.addObject();
        var metadata = item.putObject("metadata");
        if (!group.isCore()) {
            metadata.put("name", group.name());
        }
        var versions = item.putArray("versions");
        group.versions().forEach((version, types) -> {
            var node = versions.addObject().put("version", version);
            var resources = node.putArray("resources");
            types.forEach(type -> addAggregated(resources, type, version));
            node.put("freshness", "Current");
        });
    }

    private static void addAggregated(ArrayNode resources, ResourceType type, String version) {
        var resource = resources.addObject().put("resource", type.plural());
        resource.putObject("responseKind")
                .put("group", type.group())
                .put("version", version)
                .put("kind", type.kind());
        resource.put("scope", type.namespaced() ? "Namespaced" : "Cluster").put("singularResource", type.singular());
        addTexts(resource, "verbs", VERBS);
        addTexts(resource, "shortNames", type.shortNames());
    }

    private static void addTexts(ObjectNode node, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            var array = node.putArray(name);
            texts.forEach(array::add);
        }
    }
}
