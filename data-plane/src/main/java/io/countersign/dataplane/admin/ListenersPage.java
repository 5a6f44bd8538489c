package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.dataplane.loop.Listener;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;

/// Where the node listens, and what the ports in an application's place take at the moment.
final class ListenersPage {
    private ListenersPage() {}

    static ObjectNode of(List<Listener> listeners) {
        var page = JsonNodeFactory.instance.objectNode();
        var list = page.putArray("listeners");
        for (var listener : listeners) {
            var address = listener.address();
            listener.modes()
                    .ifPresentOrElse(
                            modes -> modes.forEach((port, mode) ->
                                    add(list, "INBOUND", address, port).put("mode", mode.name())),
                            () -> add(list, "OUTBOUND", address, address.getPort()));
        }
        return page;
    }

    private static ObjectNode add(ArrayNode list, String direction, InetSocketAddress address, int port) {
        return list.addObject()
                .put("direction", direction)
                .put("address", NetUtil.toSocketAddressString(address))
                .put("port", port);
    }
}
