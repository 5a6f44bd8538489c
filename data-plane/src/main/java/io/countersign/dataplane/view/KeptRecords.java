package io.countersign.dataplane.view;

import io.countersign.follower.FollowedRecord;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// The records that a copy is made of, as one immutable value.
///
/// @param readable the last good record of each key, also of kinds that this version does not use
/// @param unreadable the newest record of each key where that cannot be read
record KeptRecords(PMap<String, FollowedRecord> readable, PMap<String, FollowedRecord> unreadable) {
    static final KeptRecords NONE = new KeptRecords(HashTreePMap.empty(), HashTreePMap.empty());

    KeptRecords withReadable(FollowedRecord followed) {
        return new KeptRecords(readable.plus(id(followed), followed), unreadable.minus(id(followed)));
    }

    KeptRecords withUnreadable(FollowedRecord followed) {
        return new KeptRecords(readable, unreadable.plus(id(followed), followed));
    }

    KeptRecords without(FollowedRecord followed) {
        return new KeptRecords(readable.minus(id(followed)), unreadable.minus(id(followed)));
    }

    List<FollowedRecord> all() {
        var all = new ArrayList<>(readable.values());
        all.addAll(unreadable.values());
        return all;
    }

    private static String id(FollowedRecord followed) {
        return followed.topic() + " " + followed.key();
    }
}
