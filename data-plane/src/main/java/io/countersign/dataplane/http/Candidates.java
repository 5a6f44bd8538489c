package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.EndpointLoad;
import io.countersign.mesh.view.Upstream;
import java.util.List;
import java.util.Optional;

/// The endpoints that a request may go to, best first; it is counted as in flight at the one that is tried. Belongs to
/// one event loop.
final class Candidates {
    private final EndpointLoad load;
    private final List<Upstream> all;
    private int at;
    private boolean counted;

    Candidates(EndpointLoad load, List<Upstream> all) {
        this.load = load;
        this.all = all;
    }

    /// The one whose turn it is.
    Upstream begin() {
        leave();
        counted = true;
        load.begun(all.get(at));
        return all.get(at);
    }

    /// That one cannot be reached.
    ///
    /// @return whether there is another
    boolean next() {
        load.setAside(all.get(at));
        leave();
        if (at + 1 == all.size()) {
            return false;
        }
        at++;
        return true;
    }

    /// The one that was tried last, where any was.
    Optional<Upstream> tried() {
        return at < all.size() ? Optional.of(all.get(at)) : Optional.empty();
    }

    void leave() {
        if (counted) {
            counted = false;
            load.ended(all.get(at));
        }
    }
}
