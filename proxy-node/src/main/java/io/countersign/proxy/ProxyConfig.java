package io.countersign.proxy;

import io.countersign.dataplane.node.CommonConfig;
import java.net.InetSocketAddress;
import java.util.Map;

/// `countersign` as a sidecar has it.
public interface ProxyConfig extends CommonConfig {
    Proxy proxy();

    /// `countersign.proxy`.
    interface Proxy {
        Inbound inbound();

        Outbound outbound();
    }

    /// Where the workload's clients come in.
    interface Inbound {
        /// The workload's advertised address.
        String address();

        /// The advertised ports, and for each where the application itself listens; none for a workload that serves
        /// nothing.
        Map<Integer, InetSocketAddress> ports();
    }

    /// Where the workload's own requests go out.
    interface Outbound {
        /// The address of the HTTP proxy that the application uses, as `host:port`.
        InetSocketAddress address();
    }
}
