package io.countersign.policy.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.policy.object.Objects;
import io.countersign.policy.object.StoredObject;
import org.junit.jupiter.api.Test;

/// The object was created at 7 and changed at 9.
class WatchEventTest {
    private final StoredObject changed =
            Objects.policy("{}").at(9, Objects.policy("{}").conditions());

    @Test
    void isAddedForWhoHasNotSeenItsBeginning() {
        assertThat(WatchEvent.of(changed, 6, _ -> true)).contains(new WatchEvent("ADDED", changed));
    }

    @Test
    void isModifiedForWhoHas() {
        assertThat(WatchEvent.of(changed, 7, _ -> true)).contains(new WatchEvent("MODIFIED", changed));
    }

    @Test
    void isDeletedWhenItIsGone() {
        var gone = changed.deletedAt(10);
        assertThat(WatchEvent.of(gone, 9, _ -> true)).contains(new WatchEvent("DELETED", gone));
    }

    @Test
    void isDeletedForWhoNoLongerSelectsIt() {
        assertThat(WatchEvent.of(changed, 7, _ -> false)).contains(new WatchEvent("DELETED", changed));
    }

    @Test
    void isNoNewsWhenItCameAndWentUnseen() {
        assertThat(WatchEvent.of(changed.deletedAt(10), 6, _ -> true)).isEmpty();
        assertThat(WatchEvent.of(changed, 6, _ -> false)).isEmpty();
    }
}
