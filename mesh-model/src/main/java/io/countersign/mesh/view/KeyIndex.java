package io.countersign.mesh.view;

import io.countersign.mesh.config.ConfigKey;
import java.util.Collection;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// Finds config keys by a word that their records hold; derived from the records.
public record KeyIndex(TreePMap<String, TreePSet<ConfigKey>> keys) {
    static final KeyIndex EMPTY = new KeyIndex(TreePMap.empty());

    /// The keys under a word, in order.
    TreePSet<ConfigKey> get(String word) {
        return keys.getOrDefault(word, TreePSet.empty());
    }

    KeyIndex plus(Collection<String> words, ConfigKey key) {
        var more = keys;
        for (var word : words) {
            more = more.plus(word, get(word).plus(key));
        }
        return new KeyIndex(more);
    }

    KeyIndex minus(Collection<String> words, ConfigKey key) {
        var fewer = keys;
        for (var word : words) {
            var others = get(word).minus(key);
            fewer = others.isEmpty() ? fewer.minus(word) : fewer.plus(word, others);
        }
        return new KeyIndex(fewer);
    }
}
