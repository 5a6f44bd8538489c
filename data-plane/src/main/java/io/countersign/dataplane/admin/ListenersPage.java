package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.dataplane.loop.Listener;
import io.netty.util.NetUtil;
import java.util.List;

/// Where the node listens, and what the ports in an application's place take at the moment.
final class ListenersPage {
    private ListenersPage() {}

    static ObjectNode of(List<Listener> listeners) {
        var page = JsonNodeFactory.instance.objectNode();
        var list = page.putArray("listeners");
        for (var listener : listeners) {
            var entry = list.addObject()
                    .put("direction", listener.mode().isPresent() ? "INBOUND" : "OUTBOUND")
                    .put("address", NetUtil.toSocketAddressString(listener.address()))
                    .put("port", listener.address().getPort());
            listener.mode().ifPresent(mode -> entry.put("mode", mode.name()));
        }
        return page;
    }
}
