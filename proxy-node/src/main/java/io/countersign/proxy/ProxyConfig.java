package io.countersign.proxy;

import io.countersign.dataplane.node.CommonConfig;
import io.countersign.dataplane.node.IdentityConfig;
import io.countersign.mesh.config.ConfigKey;
import io.smallrye.config.WithDefault;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/// `countersign` as a sidecar has it.
public interface ProxyConfig extends CommonConfig {
    Proxy proxy();

    /// More workloads on the same host, by names of the node's own, each with its `workload`, `identity.…`, `proxy.…`
    /// and `health.address`; none for a sidecar.
    Map<String, Further> workloads();

    /// `countersign.workloads.NAME`: a workload that the node serves beside its first, with an identity and a key of
    /// its own.
    interface Further {
        /// As `namespace/name`.
        ConfigKey workload();

        IdentityConfig identity();

        Proxy proxy();

        Health health();
    }

    /// Where the observer may ask what one of several workloads has in force.
    interface Health {
        /// As `host:port`; nobody may when empty.
        Optional<InetSocketAddress> address();
    }

    /// `countersign.proxy`.
    interface Proxy {
        Inbound inbound();

        Outbound outbound();
    }

    /// Where the workload's clients come in.
    interface Inbound {
        /// The workload's advertised address, on which the proxy listens in its place; needs `ports`.
        Optional<String> address();

        /// The advertised ports, and for each where the application itself listens; none for a workload that serves
        /// nothing.
        Map<Integer, InetSocketAddress> ports();

        /// Where the kernel leads connections to the workload, as `host:port`; Istio's port is 15006.
        Optional<InetSocketAddress> captured();
    }

    /// Where the workload's own requests go out.
    interface Outbound {
        /// The address of the HTTP proxy that the application uses, as `host:port`.
        Optional<InetSocketAddress> address();

        /// Where the kernel leads the workload's own connections, as `host:port`; Istio's port is 15001.
        Optional<InetSocketAddress> captured();

        /// What becomes of captured connections to where the mesh knows nobody: they pass through as they are, or are
        /// refused.
        @WithDefault("pass-through")
        Unknown unknown();
    }

    /// What becomes of connections to where the mesh knows nobody.
    enum Unknown {
        /// Connected to as they are.
        PASS_THROUGH,
        /// Refused.
        REFUSE
    }
}
