package io.countersign.dataplane.relay;

import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.mesh.view.Upstream;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/// Where a request goes.
public sealed interface Route {
    /// To the first that can be reached; not empty.
    record Forward(List<Upstream> candidates) implements Route {
        public Forward {
            candidates = List.copyOf(candidates);
        }
    }

    /// Nowhere: it is answered by the proxy itself.
    ///
    /// @param reason the response's body, for people
    record Refuse(HttpResponseStatus status, ResponseFlag flag, String reason) implements Route {}
}
