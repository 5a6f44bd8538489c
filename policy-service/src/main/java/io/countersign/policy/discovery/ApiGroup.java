package io.countersign.policy.discovery;

import io.countersign.mesh.resource.ResourceType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A group of the API with its versions, the preferred one first, and the types of each.
///
/// @param name empty for the core group
public record ApiGroup(String name, Map<String, List<ResourceType>> versions) {
    /// The core group and then the others, as the catalogue has them.
    public static final List<ApiGroup> ALL = all();

    private static List<ApiGroup> all() {
        var names = new LinkedHashSet<String>();
        for (var type : ResourceType.values()) {
            names.add(type.group());
        }
        return names.stream().map(ApiGroup::of).toList();
    }

    private static ApiGroup of(String name) {
        var types = Arrays.stream(ResourceType.values())
                .filter(type -> type.group().equals(name))
                .toList();
        var versions = new LinkedHashMap<String, List<ResourceType>>();
        Set<String> names = new LinkedHashSet<>();
        types.forEach(type -> names.addAll(type.versions()));
        names.forEach(version -> versions.put(
                version,
                types.stream().filter(type -> type.versions().contains(version)).toList()));
        return new ApiGroup(name, versions);
    }

    boolean isCore() {
        return name.isEmpty();
    }

    /// `v1` or `group/version`.
    public String qualified(String version) {
        return isCore() ? version : name + "/" + version;
    }

    /// The path of a version without its leading slash.
    public String path(String version) {
        return isCore() ? "api/" + version : "apis/" + name + "/" + version;
    }
}
